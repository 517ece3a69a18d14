"""The section of timelines: a frame for each episode, in which a script draws, and what it shows in words."""

from html import escape

from vidtag.season.episode import Episode
from vidtag.season.facts import Facts
from vidtag.season.page.markup import counted, plain, section
from vidtag.season.season import length_of
from vidtag.times import format_clock

_ALL_OPEN = 3  # up to so many episodes are unfolded at first, else the first one


def lanes_section(facts: Facts) -> str:
    """Give a frame for the timeline of each episode; all but the first few are folded."""
    episodes = facts.season.episodes
    unfolded = len(episodes) if len(episodes) <= _ALL_OPEN else 1
    frames = "\n".join(_frame(facts, number, number < unfolded) for number in range(len(episodes)))
    tools = (
        '<button type="button" class="button" data-fold="open">Unfold all</button>'
        '<button type="button" class="button" data-fold="close">Fold all</button>'
    )
    lead = (
        "A lane a character. Click a timeline, then zoom with the wheel or + and −, and move with the arrows or by "
        "dragging."
    )
    needs = '<noscript><p class="note">The timelines are drawn by a script, which is switched off.</p></noscript>'
    tools = tools if len(episodes) > 1 else ""
    return section("timelines", "Timelines", needs, frames, lead=lead, tools=tools)


def _frame(facts: Facts, number: int, unfolded: bool) -> str:
    episode, total = facts.season.episodes[number], facts.episodes[number]
    said = f"{format_clock(length_of(episode))} · {counted(total.characters, 'character')}"
    return (
        f'<details class="episode" data-episode="{number}"{" open" if unfolded else ""}>'
        f"<summary><b>{escape(plain(episode.name))}</b> <small>{said}</small></summary>"
        f'<div class="lanes" data-lanes="{number}"></div>'
        f'<p class="unseen">{escape(_in_words(facts, episode))}</p></details>'
    )


def _in_words(facts: Facts, episode: Episode) -> str:
    """Say who is on screen for how long, as the text that stands for the drawing."""
    entries = [
        f"{plain(facts.cast.names[facts.cast.ids.index(character.id)])} {format_clock(presence.duration)} in "
        f"{counted(len(presence), 'appearance')}"
        for character, presence in zip(episode.timeline.cast, episode.timeline.presences, strict=True)
        if presence.intervals
    ]
    return "; ".join(entries) + "." if entries else "Nobody of the cast is on screen."
