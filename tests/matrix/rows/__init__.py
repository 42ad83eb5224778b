"""Rows of the rights matrix, one file for each area of pages."""
