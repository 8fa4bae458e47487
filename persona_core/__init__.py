"""Turns a company's own customer data into personas: one module a step, in the order the data flows."""
