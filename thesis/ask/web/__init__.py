"""`thesis ask --web`: one page of our own, filled by server-sent events, on this computer only.

`asking` draws in a thread, `columns` keeps what each arm wrote, `app` answers the page's requests,
`guarding` refuses those of others, and `serving` starts and ends the server.
"""
