"""
People who sign in, and the roles that they hold in areas and agencies.

A right is never given to a person: a person holds a role in an area (or in an agency that has
an area), the role allows actions on classes of data, and it reaches the area and all below it.
"""
