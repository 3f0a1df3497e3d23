"""ActiveCampaign's API v3 under /api/3, so that clients written for it work unchanged.

It owns no tables, records no facts of its own and decides nothing: every module turns a documented
request into one call of an action or query, and the result into the documented answer.
"""
