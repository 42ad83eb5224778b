"""Verbs of the import door: batches from upload to undo, saved mappings; and the promotion that writes records."""
