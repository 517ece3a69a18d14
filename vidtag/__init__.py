"""Who is on screen, when?"""
