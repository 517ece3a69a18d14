"""Questions that people ask of a catalogue, by name, as SQL; `docs/catalogue.md` shows each with its answer."""

from dataclasses import dataclass

from vidtag.errors import OptionError


@dataclass(frozen=True, slots=True)
class Question:
    """A question: in words, and in SQL."""

    words: str
    sql: str


QUESTIONS = {
    "screen-time": Question(
        "Who is on screen for how long?",
        """
SELECT season, character, sum(screen_time_s) AS seconds, sum(screen_time_s) / sum(duration_s) AS share,
    count(*) FILTER (appearances > 0) AS episodes
FROM screen_times JOIN schedule USING (season, episode)
GROUP BY season, character
ORDER BY season, seconds DESC, character""",
    ),
    "thirds": Question(
        "How does screen time move over the season, by thirds?",
        """
SELECT season, character, sum(screen_time_s) FILTER (third = 1) AS first_third,
    sum(screen_time_s) FILTER (third = 2) AS second_third, sum(screen_time_s) FILTER (third = 3) AS last_third
FROM screen_times JOIN schedule USING (season, episode)
GROUP BY season, character
ORDER BY season, character""",
    ),
    "pairs": Question(
        "Who shares most scenes?",
        """
SELECT character, other, count(*) AS meetings, sum(end_s - start_s) AS seconds,
    count(DISTINCT (season, episode)) AS episodes
FROM together
GROUP BY character, other
ORDER BY meetings DESC, seconds DESC, character, other
LIMIT 10""",
    ),
    "rarest-pairs": Question(
        "Who hardly meets, or never?",
        """
SELECT a.character, b.character AS other, count(start_s) AS meetings, coalesce(sum(end_s - start_s), 0) AS seconds
FROM characters AS a JOIN characters AS b ON a.character < b.character
LEFT JOIN together AS t ON t.character = a.character AND t.other = b.character
GROUP BY a.character, b.character
ORDER BY seconds, meetings, a.character, other
LIMIT 5""",
    ),
    "alone": Question(
        "Who appears alone?",
        """
SELECT character, count(*) AS times, sum(end_s - start_s) AS seconds, max(end_s - start_s) AS longest
FROM alone
GROUP BY character
ORDER BY seconds DESC, character""",
    ),
    "first-appearances": Question(
        "When does everybody appear for the first time?",
        """
SELECT i.season, character, arg_min(episode, season_start_s + start_s) AS episode,
    arg_min(start_s, season_start_s + start_s) AS at_s
FROM intervals AS i JOIN schedule USING (season, episode)
GROUP BY i.season, character
ORDER BY i.season, min(season_start_s + start_s), character""",
    ),
    "longest-absences": Question(
        "Who is away for longest, on the clock of the whole season?",
        """
WITH marks AS (
    SELECT season, character, season_start_s + start_s AS comes, season_start_s + end_s AS goes
    FROM intervals JOIN schedule USING (season, episode)
    UNION ALL
    SELECT season, character, 0, 0 FROM screen_times GROUP BY season, character
    UNION ALL
    SELECT season, character, sum(duration_s), sum(duration_s)
    FROM screen_times JOIN schedule USING (season, episode) GROUP BY season, character),
gaps AS (
    SELECT season, character, goes AS from_s, lead(comes) OVER (
        PARTITION BY season, character ORDER BY comes, goes) AS to_s
    FROM marks)
SELECT season, character, max(to_s - from_s) AS seconds, arg_max(from_s, to_s - from_s) AS from_s,
    arg_max(to_s, to_s - from_s) AS to_s
FROM gaps
GROUP BY season, character
ORDER BY season, seconds DESC, character""",
    ),
    "busiest-minutes": Question(
        "Which minutes are the busiest, by the characters that are there at a time on average?",
        """
WITH cut AS (
    SELECT season, episode, minute, len(characters) AS there,
        least(end_s, 60 * minute + 60) - greatest(start_s, 60 * minute) AS seconds
    FROM (SELECT *, unnest(range(floor(start_s / 60)::BIGINT, ceil(end_s / 60)::BIGINT)) AS minute FROM company))
SELECT season, episode, minute, sum(there * seconds) / sum(seconds) AS at_a_time, max(there) AS at_most
FROM cut
GROUP BY season, episode, minute
ORDER BY at_a_time DESC, season, episode, minute
LIMIT 5""",
    ),
    "missed-episodes": Question(
        "Who misses which episodes?",
        """
SELECT season, character, count(*) AS missed, list(episode ORDER BY number) AS episodes
FROM screen_times JOIN schedule USING (season, episode)
WHERE appearances = 0
GROUP BY season, character
ORDER BY season, missed DESC, character""",
    ),
    "unsure": Question(
        "Where was the network least sure, so that a person should look?",
        """
WITH thresholds AS (
    SELECT season, episode, unnest(characters) AS character, unnest(thresholds) AS threshold FROM episodes)
SELECT season, episode, character, time_s, score, threshold, present
FROM samples JOIN thresholds USING (season, episode, character)
WHERE score BETWEEN (SELECT min(threshold) FROM thresholds) - 0.1 AND (SELECT max(threshold) FROM thresholds) + 0.1
ORDER BY abs(score - threshold), season, episode, character, time_s
LIMIT 5""",
    ),
}


def question_named(name: str) -> Question:
    """Give a question by its name.

    Raises:
        OptionError: there is none of that name.
    """
    if name not in QUESTIONS:
        raise OptionError(f"no such question: {name}; choose from {', '.join(QUESTIONS)}, or ask with --sql")
    return QUESTIONS[name]
