"""Customers, leads, deals, money, products and activities: lists and cards."""
