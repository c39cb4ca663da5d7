"""What the books of the reading room are called, and who wrote them."""

BORN = (1850, 1975)
"""Years in which authors are born, the second one not among them."""
FIRST = (
    *("Ada", "Agnes", "Alma", "Anton", "Arthur", "Beatrix", "Clara", "Conrad", "Dora", "Edgar", "Edith", "Elias"),
    *("Enid", "Felix", "Flora", "Greta", "Hedda", "Henrik", "Ida", "Ivor", "Josef", "Judith", "Karin", "Leo", "Lydia"),
    *("Magnus", "Marta", "Nora", "Olga", "Oscar", "Paula", "Ralph", "Rosa", "Selma", "Tove", "Ursula", "Viktor"),
)  # fmt: skip
LAST = (
    *("Abbot", "Aldous", "Barlow", "Bergman", "Birch", "Brandt", "Calder", "Carrow", "Dahl", "Devlin", "Ekholm"),
    *("Fairley", "Falk", "Garner", "Gray", "Hale", "Hartnell", "Holm", "Ingram", "Jansen", "Keane", "Kerr", "Lang"),
    *("Larkin", "Lindqvist", "Lowell", "Marsh", "Mercer", "Moss", "Nash", "Norden", "Oakes", "Orme", "Pell", "Pryor"),
    *("Quist", "Ravn", "Reed", "Rowe", "Sander", "Sloane", "Sorley", "Stroud", "Tait", "Thorne", "Tilney", "Udall"),
    *("Vane", "Varley", "Vogel", "Wade", "Weir", "Westlake", "Whitby", "Wilder", "Winter", "Wray", "Yates", "Young"),
    *("Zeller", "Ashby", "Bell"),
)  # fmt: skip
WORDS = {
    "place": ("Varne", "Ostrava Hill", "Lake Orsa", "Saltmarsh", "Kestrel Bay", "the Lower Town", "Harrow Fen",
              "Marlow", "the Northern Isles", "Port Ellis"),
    "thing": ("Lighthouse", "Clockmaker", "Ferry", "Orchard", "Attic", "Glass Door", "Winter Coat", "Second Letter"),
    "season": ("Winter", "Summer", "Spring", "Autumn"),
    "animal": ("Birds", "Mosses", "Moths", "Foxes", "Rivers", "Beetles"),
    "food": ("Bread", "Soup", "Apples", "Cheese", "Herring", "Honey"),
    "image": ("Lamplight", "Snow", "Small Hours", "Salt", "Swallows", "Dust", "Tall Grass"),
    "person": ("Captain", "Governess", "Violinist", "Baker", "Widow", "Stranger", "Librarian"),
}  # fmt: skip
TITLES = {
    "fiction": ("The {thing} of {place}", "The {person} and the {thing}"),
    "mystery": ("Murder at {place}", "The {person} Vanishes", "Death of a {person} in {season}"),
    "poetry": ("{image} and Other Poems", "Songs of {place}", "{season}, {image}"),
    "drama": ("The {person} of {place}: A Play", "A {person} in {season}: Three Acts"),
    "travel": ("A {season} in {place}", "On Foot to {place}"),
    "history": ("{place}: A History", "The Siege of {place}", "How {place} Lived by {food}"),
    "natural history": ("The {animal} of {place}",),
    "cookery": ("{food} from {place}", "The {season} Kitchen of {place}"),
}
"""The kinds of books, and the forms of their titles."""
