"""What tables come in: archives, workbooks, and files that hold no table."""
