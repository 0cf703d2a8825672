"""Format: are draws profiles, with all fields, allowed values, no broken rule, and as the prompt asked?"""
