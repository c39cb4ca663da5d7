"""Protocols, metrics, significance and the leaderboard."""
