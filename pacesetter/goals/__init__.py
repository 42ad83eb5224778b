"""目标 Goals: what should be, from a company's number down to one person's day, and whether it adds up."""
