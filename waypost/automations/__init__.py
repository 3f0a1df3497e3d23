"""Automations: what starts them, the steps people pass, and who is where.

Records `automation_entered`, `automation_completed`, `automation_exited` and `step_parked`; offers the
steps wait, wait_until, if_else, split and end. Other steps come from the domains they write to.
"""
