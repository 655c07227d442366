from narrator.domain import Character, Gender, Learnt
from narrator.scripting.languages import ENGLISH
from narrator.scripting.people import People, everyone, gender_of_name
from tests.scripting.books import cast, role


def named(people: People, text: str) -> list[str]:
    """Whom the names in a text mean."""
    return [m.name for m in people.mentions(text)]


def test_first_and_last_names_mean_their_bearer_while_no_other_has_them():
    """`Poe` is Benjamin Poe; `Lee` is nobody when two are called so."""
    people = People([Character(name=n) for n in ("Benjamin Poe", "Anna Lee", "Carl Lee")], ENGLISH)
    assert named(people, "Poe, Benjamin and Mr. Poe met Lee and Anna Lee.") == ["Benjamin Poe"] * 3 + ["Anna Lee"]


def test_a_ladys_title_does_not_mean_the_gentleman():
    """`Mrs. Darcy` is not Darcy."""
    people = People([Character(name="Mr. Darcy", aliases=("Darcy",), gender=Gender.MALE)], ENGLISH)
    assert named(people, "Mrs. Darcy met Darcy.") == ["Mr. Darcy"]


def test_the_casts_names_go_before_what_was_learnt():
    """A learnt character with a cast name among its aliases lends that role its other names and its gender."""
    learnt = Learnt(
        characters=(Character(name="Alice", aliases=("Miss Liddell",), gender=Gender.FEMALE), Character(name="Bo"))
    )
    people = everyone(cast(role("Alice Liddell", "Alice")), learnt, ENGLISH)
    assert people.named("Miss Liddell") == "Alice Liddell"
    assert people.gender["Alice Liddell"] is Gender.FEMALE
    assert people.named("Bo") == "Bo"


def test_a_role_may_be_the_first_person():
    """The alias `I` gives `I said` to a character."""
    assert everyone(cast(role("Watson", "I")), Learnt(), ENGLISH).first_person == "Watson"


def test_names_tell_gender_by_title_noun_or_first_name():
    """Where they do not, gender is unknown."""
    names = ("Mrs. X", "Sir John", "the old woman", "Elizabeth", "Dr. Thomas Y", "Zorp")
    female, male = Gender.FEMALE, Gender.MALE
    assert [gender_of_name(n, ENGLISH) for n in names] == [female, male, female, female, male, Gender.UNKNOWN]
