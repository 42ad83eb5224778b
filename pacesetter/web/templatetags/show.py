"""Template filters for numbers, money and days; see pacesetter/web/show.py."""

from django import template

register = template.Library()
