"""What pages set around and into their articles: times, credits, the writer's own facts; and what only looks so."""

from __future__ import annotations

from time import perf_counter

import pytest

from framing.schema import Article
from framing.split import split

BODY = "The talks went on until late on Tuesday evening in the capital."


@pytest.mark.parametrize(
    "line",
    [
        "example.com.cn | Updated: 2026-03-01 20:14",
        "Hong Kong (AFP) – 27/02/2026 - 13:26",
        "Turku (Norland) (AFP) – Issued on: 15/11/2025 - 17:22",
        "February 18, 2026 7:31 PM GMT+2 Updated an hour ago",
        "Ann Yıldız | 14.11.2025 - Update: 15.11.2025",
        "Thursday, 03 September 2020 7:52 AM [ Last Update: Thursday, 03 September 2020 8:06 AM ]",
        "09:14 14.11.2025 (updated: 11:02 14.11.2025)",
        "22:41 LOCAL TIME 19:41 GMT",
        "March 4, 2014 Tuesday",
        "(Norland Daily, Oct. 16, 2026, Page 01)",
        "($1 = 7.0210 Norland crowns)",
        "(NORLAND 24 with AFP)",
        "Lee reported from Turku, Norland.",
        "By Šefčovič Łukasz",
        "Stay tuned for more updates!",
        "Our live coverage has ended. Thanks for joining us.",
        "By Ann Lee · 3 March 2025",
        "SOURCE Norland Steel",
        "Media Contact: Ann Lee",
        "Contact Ann Lee at ann.lee@example.org or 309-555-0100.",
        "+47 499 555 01 22",
        "9341**2050",
        "Get in touch: write to news@example.org",
        "This is a developing story and will be updated.",
        "Editor’s note: The author is a commentator. The article reflects her views.",
        "Press TV’s website can also be accessed at other addresses:",
        "Publication status",
        "Published in section: News, Transcripts",
        "Direct link: en.example.org/d/76450",
        "‹…›",
        "Source: Ministry of Foreign Affairs of Norland",
        "Edited by Ann Lee and Bo Nilsson",
        "Last updated on Tuesday, 3 September 2020 at 8:06 AM",
        "Listen (5 min)",
        "Article continues below advertisement",
        "View comments (12)",
        "We use cookies to improve your experience.",
        "Turku/Oslo/Norby, 18 June 2025",
        "Follow NNA’s coverage of Norland at https://example.org/hub",
    ],
)
def test_times_and_notes_are_skipped(line: str) -> None:
    found, left = split(Article(f"Ministers meet\n\n{line}\n\n{BODY}\n\n{line}\n\n{BODY}"))
    assert [s.text for s in found] == ["Ministers meet", BODY, BODY]
    assert [s.text for s in left] == [line, line]


def test_a_list_of_topics_and_four_names_are_skipped() -> None:
    names = "Angelica Evans, Nicole Wolkov, Grace Mappes, and Frederick W. Kagan"
    found, left = split(Article("\n\n".join(["Campaign assessed", names, BODY, "Topics", "Agriculture", "Fishing"])))
    assert [s.text for s in found if s.kind != "subhead"] == ["Campaign assessed", BODY]
    assert [s.text for s in left] == [names, "Agriculture", "Fishing"]


def test_a_figure_s_number_is_part_of_its_caption_and_a_credit_behind_it_is_not() -> None:
    figure = "Figure 1. Overview of the launch pad on May 25."
    found, left = split(Article("\n\n".join([BODY, f"{figure} Ann Lee/AFP via Getty Images", BODY])))
    assert [(s.kind, s.text) for s in found] == [("body", BODY), ("caption", figure), ("body", BODY)]
    assert [s.text for s in left] == ["Ann Lee/AFP via Getty Images"]


def test_a_briefing_s_starred_line_is_a_heading() -> None:
    found, _ = split(Article("\n\n".join(["UN briefing", BODY, "**Norland", BODY])))
    assert [s.kind for s in found] == ["headline", "body", "subhead", "body"]


def test_a_number_s_own_is_no_run_in_heading() -> None:
    line = "Resolution 1701's main sponsor France called for calm in the city on Friday."
    assert [s.text for s in split(Article(f"Calm urged\n\n{line}\n\n{BODY}"))[0]] == ["Calm urged", line, BODY]


def test_what_stands_below_a_press_release_is_skipped() -> None:
    contact = ["Contact:", "Ann Lee", "Head of press", "ann.lee@example.org"]
    found, left = split(Article("\n\n".join(["Plant opens", BODY, *contact])))
    assert [s.text for s in found] == ["Plant opens", BODY]
    assert [s.text for s in left] == contact


@pytest.mark.parametrize(
    "line",
    [
        "Invasion Update 4/2",
        "What we know on 4 May 2026",
        "The last 24 hours",
        "At 10:30, Lee spoke.",
        "At 5:30 a.m. on May 5, Norland attacked.",
        "Updated plans by the ministry call for 40 billion crowns.",
        "Published by Norland Daily, the editorial warns of war.",
        "By Christmas Day, Norland will vote.",
        "Copyright law changes take effect in May.",
        "The views of voters are his concern.",
        "On his channel, Governor Bo Nilsson wrote:",
        "US-led, the coalition struck the city again.",
        "UN-brokered, the truce held.",
        "Company: Norland Steel said it lost money.",
        "Industry: output fell 3 percent in May.",
        "For release of hostages, the group demands a truce",
        "Sunday edition of the paper was pulled",
        "Ann Lee is a fellow of the institute, and was there.",
        "Contact with the crew was lost at dawn.",
        "Media contacts with Norland ended in May.",
        "Sources: Norland to reject new peace proposal",
        "Video: Lee hosts Berg in the capital",
        "Modified drones hit 3 depots in Turku",
        "Posted workers from Norland earn 500 crowns",
        "Updated 2025 nuclear doctrine lowers bar",
        "Russian Offensive Campaign Assessment, July 3, 2025",
        "Text of Lee’s speech, 9 May 2025",
        "The views of Turku do not matter in Norland.",
        "The statements do not constitute a threat, Moscow stressed.",
        "Statements by the two sides do not reflect any agreement.",
        "The views of the minister do not represent the government, Turku stressed.",
        "Edited by state censors, the film opened in Turku.",
        "1990 - 2020",
        "Press freedom fell in May.",
    ],
)
def test_headings_and_sentences_with_times_or_names_are_kept(line: str) -> None:
    assert [s.text for s in split(Article(f"{line}\n\n{BODY}\n\n{line}\n\n{BODY}"))[0]] == [line, BODY, line, BODY]


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee is a nonresident senior fellow at the Norland Institute. Bo Nilsson is an associate fellow there.",
        "Ann Lee is a novelist. The views expressed here are her own.",
        "Ann Lee and Bo Nilsson are professors of history in Oslo.",
    ],
)
def test_what_the_last_paragraph_tells_of_its_writer_is_skipped(line: str) -> None:
    assert [s.text for s in split(Article(f"Ministers meet\n\n{BODY}\n\n{line}"))[1]] == [line]


@pytest.mark.parametrize(
    "line", ["‘Nobody sleeps here’", "'Testing our nerves'", "'BIGGER NEXT MONTH?'", '"BLOOD AND BODIES"']
)
def test_a_heading_in_quotation_marks_is_a_subhead(line: str) -> None:
    found = split(Article(f"Ministers meet\n\n{BODY}\n\n{line}\n\n{BODY}"))[0]
    assert [s.kind for s in found] == ["headline", "body", "subhead", "body"]


@pytest.mark.parametrize("line", ["“I do.”", "“Why?”", "“We never left,” he said", "“Yes!”"])
def test_a_short_quotation_is_a_sentence(line: str) -> None:
    assert split(Article(f"Ministers meet\n\n{BODY}\n\n{line}\n\n{BODY}"))[0][2].kind == "body"


def test_a_standfirst_is_a_subhead_and_a_byline_may_follow() -> None:
    standfirst = "Residents and workers question the army’s claim to have destroyed a camp on the far side of the river"
    found, left = split(Article(f"Ministers meet\n\n{standfirst}\n\nAnn Lee\n\n{BODY}"))
    assert [(s.kind, s.text) for s in found] == [
        ("headline", "Ministers meet"),
        ("subhead", standfirst),
        ("body", BODY),
    ]
    assert [s.text for s in left] == ["Ann Lee"]


def test_a_pasted_page_s_links_and_menu_are_skipped() -> None:
    text = (
        "Skip to content\nHome\nSport\n\nMinisters meet\n\n6 hours ago\nAnn Lee\nEnergy correspondent, Oslo\nShare\n\n"
        f"{BODY}\n\nImage source, Getty Images\nImage caption, The hall in the capital\n\n{BODY}\n\nRead more:\n\n"
        f"Norland’s long winter\nWho is Carl Berg?\n\n{BODY}\n\nMutual pride\n\n{BODY}\n\nMost Read\n1. Storm hits the coast\n"
        "2. Markets fall\n\nRelated topics\nNorland\nGas"
    )
    assert [(s.kind, s.text) for s in split(Article(text))[0]] == [
        ("headline", "Ministers meet"),
        ("body", BODY),
        ("caption", "Image caption, The hall in the capital"),
        ("body", BODY),
        ("body", BODY),
        ("subhead", "Mutual pride"),
        ("body", BODY),
    ]


def test_a_heading_below_links_that_were_left_behind_is_kept() -> None:
    found = split(Article(f"Ministers meet\n\n{BODY}\n\nRelated stories\n\nMutual pride\n\n{BODY}"))[0]
    assert [s.kind for s in found] == ["headline", "body", "subhead", "body"]


def test_a_numbered_picture_s_credit_tells_its_caption() -> None:
    picture = "[1/3] Relatives wait outside a jail in Lunden, May 4, 2026. REUTERS/Kim Roe Purchase Licensing Rights, opens new tab"
    found, left = split(Article(f"Ministers meet\n\n{BODY}\n\n{picture}\n\n{BODY}"))
    assert (found[2].kind, found[2].text) == ("caption", "Relatives wait outside a jail in Lunden, May 4, 2026.")
    assert left[0].text == "[1/3]"


def test_a_list_of_names_is_read_in_no_time() -> None:
    names = "\n".join(f"Ann{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} Lee{chr(97 + n // 676)}" for n in range(4000))
    begun = perf_counter()
    split(Article(f"Ministers meet\n\n{names}\n\n{BODY}"))
    assert perf_counter() - begun < 5  # by a search of the text for each name it took 15 s


@pytest.mark.parametrize("line", [f"Published {'mon' * 70}!", f"Source: {'A' * 60} {'B ' * 60}!", f"By {'Ann ' * 50}!"])
def test_a_line_that_is_made_to_be_searched_long_is_read_in_no_time(line: str) -> None:
    begun = perf_counter()
    split(Article(f"Ministers meet\n\n{line}\n\n{BODY}"))
    assert perf_counter() - begun < 2  # each "mon" more took the first twice as long
