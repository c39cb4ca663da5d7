"""Neural sequence models in PyTorch."""
