"""What the rules must know of a language: its titles, pronouns, verbs of speaking, abbreviations and clause words.

General knowledge of each language, never words gathered from one book. A language without an entry gets the empty one:
quotation marks are found, nothing is attributed, numbers are left to the engine.
"""

from narrator.scripting.vocabulary import Language
from narrator.scripting.vocabulary import words as _words

__all__ = ["KNOWN", "Language", "primary", "words_of"]

ENGLISH = Language(
    code="en",
    abbreviations=_words(
        "mr mrs ms dr st messrs mme mlle rev hon prof capt col gen lt lieut sgt serg maj cmdr adm gov sen rep"
        " pres fr bro sr mt ft viz vs cf e.g i.e esqr edw wm chas geo thos jas jno rt ven supt insp adj brig"
    ),
    ending_abbreviations=_words("etc &c esq jr sr co ltd inc corp u.s u.k u.s.a a.m p.m a.d b.c m.a m.d m.p ph.d d.c"),
    numbered=_words(
        "no nos n° vol vols p pp fig figs ch chap sec art v vv op ver bk cap rs jan feb mar apr jun jul aug sept sep"
        " oct nov dec lb oz ft"
    ),
    starters=_words(
        "the a an he she it we they you but and then there this that these those when if in on at so for what who"
        " why how where after before as one no yes his her its my your our their all some many now once not"
        " perhaps"
    ),
    verbs=_words(
        "said says say asked asks ask replied replies cried cries answered answers exclaimed exclaims returned"
        " added adds continued observed remarked repeated repeats whispered whispers shouted shouts muttered"
        " mutters murmured began called demanded inquired enquired interrupted interposed rejoined responded"
        " retorted suggested thought told urged protested ejaculated gasped growled laughed sobbed sighed"
        " screamed shrieked roared hissed snapped stammered faltered groaned grumbled moaned pleaded begged"
        " insisted announced agreed admitted assented concluded resumed proceeded pursued persisted explained"
        " commented warned wondered yelled bellowed bawled barked croaked drawled echoed mumbled piped pronounced"
        " quoth reiterated sneered snarled soliloquised soliloquized spoke stated swore vociferated volunteered"
        " ventured wailed whimpered corrected confessed acknowledged affirmed apologised apologized argued"
        " assured boomed breathed chuckled complained countered giggled grunted howled implored joked lied mused"
        " objected ordered promised proposed queried questioned quavered reflected reminded stuttered teased"
        " threatened thundered trilled uttered asserted declared expostulated blurted coaxed commanded chided"
        " scolded quoted sang chimed interjected entreated cautioned boasted conceded confided gulped panted"
        " saying adding crying exclaiming replying asking answering remarking observing whispering say"
        " purred rumbled rasped shrilled snorted squeaked squealed spluttered sputtered wept"
    ),
    who=_words("who"),
    answers=_words("answer reply response question remark cry exclamation rejoinder comment greeting address"),
    adverbs=_words(
        "here thus never ever still even indeed always again soon only just also too very well oh ah yes never nobody"
        " everybody somebody something nothing everything anything such much more most many both each every either"
        " neither another other others later lately presently suddenly meanwhile therefore however nevertheless"
        " otherwise besides instead perhaps maybe certainly surely really quite rather almost already yet sometimes"
        " often then there to of in from with by upon about over under between among during within without against"
        " beside beneath above below behind beyond toward towards near let god heaven lord good dear whatever"
        " whoever whichever"
    ),
    others=_words("you we they me us them it one who"),
    sirs=_words("sir sire papa father uncle brother"),
    madams=_words("madam ma’am ma'am mamma mama mother miss aunt sister"),
    he=_words("he"),
    she=_words("she"),
    i=_words("i"),
    his=_words("he him his himself"),
    her=_words("she her hers herself"),
    titles_male=_words(
        "mr mister sir lord master father brother uncle king prince duke baron count earl monsieur m signor señor"
        " herr don squire grandfather grandpa papa viscount emperor monseigneur messrs marquis"
    ),
    titles_female=_words(
        "mrs ms miss lady madam madame mme mlle mademoiselle mistress dame aunt mother sister queen princess"
        " duchess baroness countess signora señora frau fräulein doña grandmother grandma mamma granny nurse"
        " viscountess empress marchioness"
    ),
    titles=_words(
        "dr doctor captain capt colonel col general gen major lieutenant lt sergeant professor prof reverend rev"
        " judge president bishop admiral inspector constable cousin saint st old young little dear poor"
        " honourable hon detective senator governor mayor corporal private commander chief dean deacon abbot"
        " mayor"
    ),
    ranks=_words(
        "general gen captain capt colonel col major lieutenant lt sergeant professor prof doctor dr inspector"
        " admiral bishop count countess baron baroness duke duchess prince princess king queen judge reverend"
        " rev squire marquis earl"
    ),
    married=_words("mr mrs sir lady"),
    kin={
        "mother": _words("mother mamma mama"),
        "father": _words("father papa"),
        "wife": _words("wife lady"),
        "husband": _words("husband"),
        "sister": _words("sister"),
        "brother": _words("brother"),
    },
    nouns_male=_words(
        "man men boy gentleman father brother son uncle husband nephew king prince lad fellow lord grandfather"
        " papa dad waiter priest monk butler footman clergyman groom boatman fisherman policeman sailor soldier"
        " gardener coachman landlord stepfather bridegroom godfather grandson squire schoolmaster widower baronet"
        " duke earl count"
    ),
    nouns_female=_words(
        "woman women girl lady mother sister daughter aunt wife niece queen princess lass maid grandmother mamma"
        " mama mum mom nurse governess landlady widow waitress stepmother bride godmother granddaughter"
        " housekeeper nun mistress hostess actress lassie heroine matron duchess countess schoolmistress"
    ),
    determiners=_words("the a an his her my their our its your this that another one"),
    prepositions=_words(
        "to at in of with from by for on upon about over after before behind beside near towards toward into under"
        " against like than as between through without"
    ),
    clause_words=_words(
        "and but or nor yet so because although though while whereas when whenever where wherever which who whom"
        " whose that if unless until till since after before as for than whether"
    ),
    chapter="Chapter",
)

GERMAN = Language(
    code="de",
    abbreviations=_words(
        "hr hrn fr frl dr prof st bzw ca d.h z.b u.a o.ä usf vgl geb gest gegr sog z.z z.t u.u i.d.r med jun sen"
        " hl evtl inkl exkl zzgl bes str"
    ),
    ending_abbreviations=_words("usw etc u.s.w"),
    numbered=_words("nr s bd kap art abs fig abb"),
    months=_words("januar jänner februar märz april mai juni juli august september oktober november dezember"),
    contractions=_words("vom am zum zur im beim dem den des"),
    starters=_words("der die das ein eine er sie es wir ihr ich und aber da dann doch so wenn als nun"),
    verbs=_words(
        "sagte sagt fragte fragt antwortete erwiderte rief ruft flüsterte murmelte schrie entgegnete versetzte"
        " meinte bemerkte erklärte begann fuhr wiederholte sprach dachte brummte stammelte seufzte lachte bat"
        " befahl stöhnte setzte unterbrach brüllte knurrte zischte stotterte jammerte mahnte warnte gestand"
        " behauptete ergänzte"
    ),
    who=_words("der die"),
    others=_words("wir ihr du man mir mich uns es"),
    sirs=_words("herr"),
    madams=_words("fräulein mama mutter"),
    he=_words("er"),
    she=_words("sie"),
    i=_words("ich"),
    his=_words("er ihn ihm sein seine seinem seinen seiner"),
    her=_words("sie ihr ihre ihrem ihren ihrer"),
    titles_male=_words("herr herrn vater onkel könig prinz graf baron bruder großvater"),
    titles_female=_words("frau fräulein mutter tante königin prinzessin gräfin baronin schwester großmutter"),
    titles=_words("doktor dr professor prof hauptmann general oberst"),
    ranks=_words("general doktor professor hauptmann oberst graf gräfin baron könig königin prinz prinzessin"),
    married=_words("herr frau"),
    kin={
        "mother": _words("mutter mama"),
        "father": _words("vater papa"),
        "wife": _words("frau gattin gemahlin"),
        "husband": _words("mann gatte gemahl"),
        "sister": _words("schwester"),
        "brother": _words("bruder"),
    },
    nouns_male=_words("mann junge vater bruder sohn onkel könig alte prokurist herr knabe großvater kaufmann richter"),
    nouns_female=_words("frau mädchen mutter schwester tochter tante königin dame großmutter magd wirtin bedienerin"),
    determiners=_words("der die das ein eine sein seine ihr ihre mein meine dieser diese"),
    prepositions=_words("zu mit von an auf bei nach für über vor hinter neben aus um gegen"),
    clause_words=_words("und aber oder denn sondern weil obwohl während wenn als ob dass daß bis bevor nachdem"),
    chapter="Kapitel",
)

FRENCH = Language(
    code="fr",
    abbreviations=_words("m mm mme mmes mlle mlles dr me mgr st ste cf p.ex c.-à-d av env éd"),
    ending_abbreviations=_words("etc"),
    numbered=_words("n no nos p pp vol chap art fig t"),
    starters=_words("le la les un une il elle ils elles on nous vous je et mais alors puis ce cette"),
    verbs=_words(
        "dit dis demanda demandai répondit répondis répliqua s'écria cria reprit ajouta murmura fit continua"
        " pensa interrompit observa déclara soupira chuchota balbutia hurla gronda repartit s'exclama disait"
        " répétait répéta questionna poursuivit bégaya supplia expliqua affirma acheva conclut annonça insista"
        " protesta criait murmurait remarqua dirent grommela riposta crièrent crie demande répond reprend"
        " ajoute murmure"
        " commande ordonna ordonne appela lança répondirent reprirent demandèrent ajoutèrent s'excusa"
        " s'exclame s'écrie"
        " s'écrièrent expliquait répondait demandait ajoutait reprenait continuait observait répondu demandé"
        " ajouté crié"
        " repris répliqué murmuré écrié confia proposa avoua jura souffla articula gémit conseilla intervint"
    ),
    who=_words("qui"),
    others=_words("nous vous tu on ils elles moi lui"),
    sirs=_words("monsieur papa"),
    madams=_words("madame mademoiselle maman"),
    he=_words("il"),
    she=_words("elle"),
    i=_words("je j"),
    his=_words("il lui-même"),
    her=_words("elle elle-même"),
    titles_male=_words("monsieur m monseigneur père oncle roi prince comte duc baron abbé frère sieur don maître"),
    titles_female=_words("madame mme mademoiselle mlle mère tante reine princesse comtesse duchesse baronne sœur"),
    titles=_words("docteur dr capitaine colonel général professeur"),
    ranks=_words(
        "général docteur professeur capitaine colonel comte comtesse baron baronne duc duchesse roi reine"
        " prince princesse abbé curé"
    ),
    married=_words("m monsieur mme madame"),
    kin={
        "mother": _words("mère"),
        "father": _words("père"),
        "wife": _words("femme épouse"),
        "husband": _words("mari époux"),
        "sister": _words("sœur"),
        "brother": _words("frère"),
    },
    nouns_male=_words("homme garçon père frère fils oncle roi vieillard prêtre médecin abbé curé mari pharmacien"),
    nouns_female=_words("femme fille mère sœur tante reine dame maraîchère servante épouse nourrice"),
    determiners=_words("le la les l un une son sa ses mon ma mes ce cette cet leur"),
    prepositions=_words("à de d avec pour par sur sous vers chez dans en contre"),
    clause_words=_words("et mais ou donc car ni parce quand lorsque puisque que qui dont où si tandis"),
    dashes=True,
    chapter="Chapitre",
)

SPANISH = Language(
    code="es",
    abbreviations=_words("sr sra srta sres dr dra d dña ud uds vd vds fr sto sta gral cap av p.ej prof"),
    ending_abbreviations=_words("etc ee.uu"),
    numbered=_words(
        "lun mar mié mier jue vie sáb dom ene feb abr may jun jul ago sep sept oct nov dic n núm nº pág"
        " págs vol cap art fig"
    ),
    starters=_words("el la los las un una él ella ellos yo y pero entonces así cuando"),
    verbs=_words(
        "dijo dije preguntó pregunté respondió respondí contestó replicó exclamó gritó añadió murmuró repuso"
        " continuó susurró pensó interrumpió observó declaró suspiró prosiguió repitió decía dice explicó"
        " insistió afirmó dijeron"
    ),
    he=_words("él"),
    she=_words("ella"),
    i=_words("yo"),
    his=_words("él"),
    her=_words("ella"),
    titles_male=_words("señor sr don padre tío rey príncipe conde duque hermano maese"),
    titles_female=_words("señora sra señorita srta doña madre tía reina princesa condesa duquesa hermana"),
    titles=_words("doctor doctora dr capitán coronel general profesor"),
    nouns_male=_words("hombre niño padre hermano hijo tío rey viejo cura mozo amo ventero barbero marido"),
    nouns_female=_words("mujer niña madre hermana hija tía reina dama vieja ama sobrina moza esposa"),
    determiners=_words("el la los las un una su mi este esta"),
    prepositions=_words("a de con por para en sobre hacia sin contra"),
    clause_words=_words("y e pero o u ni porque aunque cuando donde que quien si mientras pues como"),
    dashes=True,
    chapter="Capítulo",
)

ITALIAN = Language(
    code="it",
    abbreviations=_words("sig sig.ra sigg dott prof ing avv on mons s p.es cap rev"),
    ending_abbreviations=_words("ecc"),
    numbered=_words("n nn pag pp vol cap art fig"),
    verbs=_words("disse chiese rispose domandò gridò esclamò aggiunse mormorò replicò continuò riprese sussurrò fece"),
    he=_words("egli lui"),
    she=_words("ella lei"),
    i=_words("io"),
    his=_words("egli lui"),
    her=_words("ella lei"),
    titles_male=_words("signor signore don padre zio re principe conte fra maestro"),
    titles_female=_words("signora signorina donna madre zia regina principessa contessa suor"),
    titles=_words("dottor dottore capitano colonnello generale professor"),
    nouns_male=_words("uomo ragazzo padre fratello figlio zio re vecchio marito"),
    nouns_female=_words("donna ragazza madre sorella figlia zia regina vecchia moglie"),
    determiners=_words("il lo la i gli le l un uno una suo sua mio mia"),
    prepositions=_words("a di da in con su per tra fra"),
    clause_words=_words("e ed ma o perché benché quando dove che cui chi se mentre poiché come"),
    dashes=True,
    chapter="Capitolo",
)

DUTCH = Language(
    code="nl",
    abbreviations=_words("dhr mevr mej mr dr prof ds st bv nl ca m.a.w d.w.z z.g o.a b.v"),
    ending_abbreviations=_words("enz etc"),
    numbered=_words("nr no blz art fig"),
    verbs=_words(
        "zei zeide zegt vroeg vraagt antwoordde riep fluisterde mompelde hernam vervolgde sprak schreeuwde dacht"
        " begon herhaalde lachte zuchtte verklaarde meende merkte hervatte bromde stamelde viel voegde"
    ),
    who=_words("die"),
    others=_words("wij we jullie je jij u men mij me ons het"),
    sirs=_words("mijnheer meneer"),
    madams=_words("mevrouw juffrouw mama"),
    he=_words("hij"),
    she=_words("zij ze"),
    i=_words("ik"),
    his=_words("hij hem zijn"),
    her=_words("zij haar"),
    titles_male=_words("mijnheer meneer heer dhr oom vader koning prins graaf"),
    titles_female=_words("mevrouw juffrouw mevr mej tante moeder koningin prinses gravin"),
    titles=_words("dokter dr kapitein professor kolonel"),
    ranks=_words("generaal dokter professor kapitein kolonel graaf gravin koning koningin prins prinses"),
    married=_words("meneer mijnheer mevrouw"),
    kin={
        "mother": _words("moeder moe"),
        "father": _words("vader"),
        "wife": _words("vrouw"),
        "husband": _words("man"),
        "sister": _words("zuster zus"),
        "brother": _words("broer broeder"),
    },
    nouns_male=_words("man jongen vader broer zoon oom koning heer oude"),
    nouns_female=_words("vrouw meisje moeder zuster zus dochter tante koningin dame"),
    determiners=_words("de het een zijn haar mijn deze die"),
    prepositions=_words("aan van met voor door op bij naar over tot uit tegen"),
    clause_words=_words("en maar of want dat omdat hoewel terwijl toen als waar die wanneer zoodat zodat"),
    chapter="Hoofdstuk",
)

PORTUGUESE = Language(
    code="pt",
    abbreviations=_words("sr sra srta dr dra d prof v.ex exmo"),
    ending_abbreviations=_words("etc"),
    numbered=_words("n núm pág vol cap art fig"),
    verbs=_words("disse perguntou respondeu exclamou gritou acrescentou murmurou continuou replicou tornou pensou"),
    he=_words("ele"),
    she=_words("ela"),
    i=_words("eu"),
    his=_words("ele"),
    her=_words("ela"),
    titles_male=_words("senhor sr dom padre tio rei príncipe conde"),
    titles_female=_words("senhora sra dona madre tia rainha princesa condessa"),
    titles=_words("doutor dr capitão coronel general"),
    nouns_male=_words("homem menino pai irmão filho tio rei velho marido"),
    nouns_female=_words("mulher menina mãe irmã filha tia rainha velha esposa"),
    determiners=_words("o a os as um uma seu sua meu minha"),
    prepositions=_words("a de com por para em sobre"),
    clause_words=_words("e mas ou porque quando onde que quem se enquanto como"),
    dashes=True,
    chapter="Capítulo",
)

KNOWN = (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, PORTUGUESE)
_ALL = {x.code: x for x in KNOWN}
_DASH_ONLY = frozenset({"ru", "uk", "pl", "ro", "cs", "tr", "el", "hu", "bg", "ca", "gl", "sv", "da", "nb", "no", "fi"})


def primary(language: str) -> str:
    """The primary subtag: `en` of `en-GB`."""
    return language.lower().replace("_", "-").split("-")[0]


def words_of(language: str) -> Language:
    """What is known of a language; next to nothing for one without an entry."""
    code = primary(language)
    return _ALL.get(code) or Language(code=code, dashes=code in _DASH_ONLY)
