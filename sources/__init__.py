"""Where data comes from: received bytes to rows, in the publisher's own words.

Belongs here: the register of documents, the store of received bytes, one reader per printed table, reference
geography. Does not belong here: what a row must be (`expectations`), what it means (`transforms`), when it is read
(`orchestration`).
"""
