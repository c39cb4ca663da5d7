"""The picture of a terminal shows what the demo printed, and loads nothing."""

from tests.docs.pictures import terminal


def test_a_terminal_has_its_colours_up_to_the_questions_and_hides_the_home():
    printed = (
        "\x1b[31mDone\x1b[0m in 5 s\nPassword file  /home/me/kartograph/shops/demo/password\n3 questions to paste\nno\n"
    )
    drawn = terminal(printed)
    text = drawn.replace("&#160;", " ")
    assert "$ kartograph demo" in text
    assert ">Done</text>" in text  # a part of its own, in another colour than the rest of the line
    assert "~/kartograph/shops/demo/password" in text
    assert "/home/me" not in text
    assert ">no<" not in text
    assert "@font-face" not in drawn
    assert "https://" not in drawn
