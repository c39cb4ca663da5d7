"""What all commands share: checked numbers, the graph that is asked, the terminal, the prompt."""
