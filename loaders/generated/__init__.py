"""What generated shops are made of."""
