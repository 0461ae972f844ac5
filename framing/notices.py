"""What a web page's own buttons, boxes and notices say between an article's paragraphs; held against small letters."""

from __future__ import annotations

from framing.patterns import any_of

NOTICE = any_of(
    # Tools
    r"listen(?: to (?:this )?article)?(?: \(?\d+ min\w*\)?)?|reading time:? .{0,20}|share full article|link",
    r"(?:view |leave a )?comments?(?: \(\d+\))?|\d+ (?:shares|comments)|back to top|(?:load|explore|show|see) more",
    r"key events|show key events only \(.{0,30}\)|show key events only|list of \d+ items|end of list",
    # Adverts
    r"(?:skip |this )?advertisement|scroll to continue|(?:article|story) continues (?:below|after)\b.{0,40}",
    r"report this ad|ad feedback|sponsored(?: content)?|paid post",
    # Other articles
    r"suggested topics:?|related content|more on this story|recommended stories|read (?:the )?full story\b.{0,20}",
    # Pictures
    r"image|click to enlarge|photo \d+ ?/ ?\d+|\(?\w{2,8} graphic\)?|illustration by .{3,40}",
    r"purchase licensing rights.{0,30}",
    # Subscriptions and consent
    r"thanks for reading\b.{0,80}|by signing up,? you agree\b.{0,160}|you have \d+ free articles?\b.{0,40}",
    r"already a subscriber\?.{0,40}|we use cookies\b.{0,200}|(?:please )?(?:turn on|enable) javascript\b.{0,120}",
    r"view (?:this e-?mail )?in (?:your )?browser|unsubscribe\b.{0,120}|you are receiving this e-?mail\b.{0,120}",
    r"a version of this article appear(?:s|ed) in print\b.{0,200}|this article (?:originally|first) appeared\b.{0,120}",
)
