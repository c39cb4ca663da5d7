"""HSPRec, MCE-HSPRec and MCPRHRec: sequential rules, categories and walks in one user profile.

Source: Almu and Ainu, "On the Improvement of E-Commerce Based Recommender Systems" (2025), and the works it builds on.
"""
