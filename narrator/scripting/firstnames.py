"""First names whose bearers are nearly always of one gender, in the languages we know."""

from functools import cache
from typing import Final

from narrator.domain import Gender


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FEMALE: Final = _names(
    "abigail ada adela adelaide adele adelina agatha agnes alexandra alice alicia alison amalia amanda amelia amy"
    " ana anastasia andrea angela angelica anita ann anna annabel anne annette annie antonia arabella ariadne"
    " astrid audrey augusta aurora barbara beatrice beatrix becky belinda bella bertha bess bessie beth betsy"
    " betty blanche bridget brigitte camilla carla carlotta carmen carol carolina caroline carrie cassandra"
    " catalina caterina catherine cathy cecilia cecily celeste celia charlotte chloe christina christine clara"
    " clarissa claudia clementina clotilde constance cora cordelia cornelia daisy daphne deborah delia diana"
    " dinah dolly dolores dora doris dorothea dorothy edith edna effie eileen elaine eleanor elena eleonora"
    " elinor elisa elisabeth elise eliza elizabeth ella ellen elsa elsie emilia emily emma erica esmeralda"
    " estella esther ethel eugenia eva evelina eveline fanny felicity fiona flora florence frances francesca"
    " francine franziska freda frederica frieda gabrielle genevieve georgiana geraldine gertrude gilberte gisela"
    " giulia grace greta gretchen guinevere gwen gwendolen hannah harriet harriett hedwig helen helena helene"
    " henrietta hermione hester hilda honor hortense ida ines inez irene iris isabel isabella jacqueline jane"
    " janet jeanne jemima jennifer jenny jessica jill joan joanna josephine josie juana judith julia juliana"
    " julie juliet justine karen kate katharina katherine kathleen kathy katie kitty laura lavinia leah leila"
    " lena leonora letitia lily lisa lizzie lizzy lola lottie louisa louise lucia lucie lucinda lucretia lucy"
    " luisa luise lydia mabel maddalena madeleine madge magda magdalena maggie marcella margaret margarita"
    " margery margherita margot marguerite maria marian mariana marianne marie marina marion marjorie martha mary"
    " mathilda mathilde matilda maud maude maureen meg melanie mercedes mildred millicent milly mina minerva"
    " minna minnie miranda miriam moira molly monica monique muriel nadine nan nancy naomi natalia natalie"
    " natasha nell nellie nelly nicole nina nora olga olive olivia ophelia pamela pansy patience patricia paula"
    " pauline pearl peggy penelope phoebe phyllis polly portia priscilla prudence rachel rebecca regina renata"
    " rhoda rita rosa rosalie rosalind rosamond rose rosemary ruth sabina sally sandra sara sarah selina sheila"
    " sibyl silvia sofia sonia sophia sophie sophy stella susan susanna susie suzanne sylvia teresa tess thea"
    " theresa therese tilly trudy ursula valentina valeria vanessa vera verena veronica victoria viola violet"
    " virginia vivian wendy wilhelmina winifred yvette yvonne zoe"
)

_MALE: Final = _names(
    "aaron abel abraham adam adolf adolphe adrian albert alberto alec alex alexander alexandre alexei alfonso"
    " alfred algernon allan alonso alphonse ambrose amos andreas andrew andré andrés angus anselm anthony antoine"
    " anton antonio archibald archie armand arnold arthur augustin augustus barnaby bartholomew basil ben"
    " benedict benjamin bernard bernhard bertie bertram bill billy bob boris brian bruce bruno carl carlo carlos"
    " caspar cecil cedric charles charley charlie christopher claude claudio clement clifford conrad constantine"
    " cyril dan daniel david denis dennis dick diego dmitri dominic donald duncan ebenezer edgar edmond edmund"
    " eduard edward edwin eliot enoch enrique eric ernest ernst ethan eugene eugène ezra federico felix ferdinand"
    " fernando francesco francis francisco frank franz françois fred freddie frederic frederick friedrich fritz"
    " gabriel gaston geoffrey georg george georges gerald gerard gideon gilbert giles giovanni giuseppe godfrey"
    " graham gregor gregory guido guillaume gustav gustave guy hamish hank hannibal hans harold harry harvey"
    " hector heinrich henri henry herbert hercule herman hermann hippolyte homer horace horatio howard hubert"
    " hugh hugo humphrey ian ignatius igor isaac ishmael ivan jack jacob jacques jake james jan jasper jean"
    " jeffrey jeremy jerome jim jimmy joachim joe johann johannes john johnny jonas jonathan jorge josef joseph"
    " joshua josé joão juan jules julian julius karl keith kenneth konrad lancelot laurence lawrence leo leon"
    " leonard leonardo leopold lewis lionel lorenzo louis lucas lucien ludwig luigi luis luke manuel marc marcel"
    " marco marcus mario mark marmaduke martin matthew maurice max maximilian michael michel miguel mike miles"
    " montague moritz mortimer moses nathan nathaniel ned neil nicholas nicolas nigel nikolai noah noel norman"
    " oliver orlando oscar oswald otto owen pablo paolo pascal patrick paul pedro perceval percival percy peter"
    " phil philip philippe phineas pierre pietro pip quentin ralph ramon raoul raphael raymond reginald rené"
    " reuben richard rob robert roberto robin roderick rodolphe roger roland rolf ronald rudolf rupert sam samson"
    " samuel sancho saul sebastian sergei seth sherlock sidney siegfried sigmund silas simeon simon solomon"
    " stanley stefan stephen steve steven sydney ted terence thaddeus theodor theodore thomas tim timothy tobias"
    " toby tom tommy tony ulrich valentine victor vincent vladimir wallace walter warren werner wilfred wilhelm"
    " will willem william willie wolfgang xavier zachary émile"
)


def gender_of_first_name(name: str) -> Gender:
    """The usual gender of a first name; unknown for names of both or of neither list."""
    lower = name.casefold()
    if lower in _FEMALE:
        return Gender.FEMALE
    return Gender.MALE if lower in _MALE else Gender.UNKNOWN


_SHORT: Final = {
    "abby": "abigail", "alec": "alexander", "alex": "alexander alexandra", "andy": "andrew", "ben": "benjamin",
    "bess": "elizabeth", "beth": "elizabeth", "betsy": "elizabeth", "betty": "elizabeth", "bill": "william",
    "billy": "william", "bob": "robert", "bobby": "robert", "cathy": "catherine", "charley": "charles",
    "charlie": "charles", "chris": "christopher christine", "dan": "daniel", "dave": "david", "davy": "david",
    "dick": "richard", "dolly": "dorothy dorothea", "dora": "dorothy dorothea", "ed": "edward edmund",
    "eliza": "elizabeth", "fanny": "frances", "frank": "francis franklin", "fred": "frederick alfred",
    "freddy": "frederick", "georgy": "george", "gus": "augustus", "hal": "henry", "harry": "henry harold",
    "jack": "john", "jem": "james", "jenny": "jane jennifer", "jim": "james", "jimmy": "james", "jo": "josephine",
    "joe": "joseph", "johnny": "john", "josh": "joshua", "kate": "catherine katherine", "katy": "catherine katherine",
    "kitty": "catherine katherine", "larry": "lawrence laurence", "laurie": "laurence", "lina": "caroline",
    "lisa": "elizabeth", "liz": "elizabeth", "lizzie": "elizabeth", "lizzy": "elizabeth", "lou": "louis louisa",
    "lucy": "lucinda", "madge": "margaret", "maggie": "margaret", "mat": "matthew", "matt": "matthew",
    "meg": "margaret", "mike": "michael", "millie": "mildred amelia", "minnie": "wilhelmina", "molly": "mary",
    "moll": "mary", "nan": "anne nancy", "nancy": "anne ann", "nat": "nathaniel", "ned": "edward edmund",
    "nell": "eleanor ellen helen", "nelly": "eleanor ellen helen", "nick": "nicholas", "paddy": "patrick",
    "pat": "patrick patricia", "patty": "martha patience", "peggy": "margaret", "penny": "penelope", "pete": "peter",
    "phil": "philip", "polly": "mary", "rob": "robert", "robin": "robert", "rose": "rosamond rosalind",
    "sally": "sarah", "sam": "samuel", "sandy": "alexander", "sophy": "sophia", "sue": "susan", "susy": "susan",
    "ted": "edward theodore", "teddy": "edward theodore", "tilly": "matilda", "tim": "timothy", "tom": "thomas",
    "tommy": "thomas", "tony": "anthony", "val": "valentine", "walt": "walter", "wat": "walter", "will": "william",
    "willie": "william", "willy": "william",
}  # fmt: skip
"""English short names, and the names they stand for."""


@cache
def short_names(name: str) -> tuple[str, ...]:
    """What the bearer of a first name is called for short, lower case."""
    return tuple(short for short, full in _SHORT.items() if name in full.split())
