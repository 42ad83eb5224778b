"""Pacesetter 领跑: performance process management for sales teams."""
