"""Deals: pipelines with stages, the deals in them, tasks; records what happens to a deal on its contact.

A deal stands in one stage of one pipeline and is open, won or lost. Its primary contact's log hears of it, so that
automations and segments may ask; its own events are kept also for deals without a contact.
"""
