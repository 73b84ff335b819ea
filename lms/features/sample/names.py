"""Where invented officers come from and what they are called.

Names are common ones; whoever bears one of the pairs is meant by nobody. A name with a second
spelling is followed by it in its own script.
"""

from collections.abc import Iterator
from dataclasses import dataclass

Name = tuple[str, str]  # in Latin letters, in the own script or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A State that sends officers, and what its histories look like in the report."""

    code: str
    share: int  # officers of 400
    women: str
    men: str
    families: str  # as men bear them; `endings` gives the form of women
    endings: tuple[tuple[str, str], ...] = ()
    zone: str
    zeal: float  # 0 to 1: how many finish what they begin
    ability: float  # added to that of each officer, in logits
    share_of_women: float


OV = (("ov", "ova"), ("ev", "eva"), ("in", "ina"), ("ов", "ова"), ("ев", "ева"), ("ин", "ина"))
SKI = (("ski", "ska"), ("skyi", "ska"), ("ски", "ска"), ("ський", "ська"))
GREEK = (
    ("όπουλος", "οπούλου"),
    ("os", "ou"),
    ("is", "i"),
    ("as", "a"),
    ("ος", "ου"),
    ("ης", "η"),
    ("ας", "α"),
)

AGENCIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (  # (type, agency, functions)
    ("police", "Criminal Police", ("Investigator", "Senior investigator", "Head of unit")),
    ("police", "Drug Crime Department", ("Investigator", "Analyst", "Head of unit")),
    ("police", "Regional Police Directorate", ("Patrol officer", "Investigator", "Supervisor")),
    ("border_guard", "Border Police", ("Border officer", "Shift leader", "Risk analyst")),
    ("customs", "Customs Service", ("Customs officer", "Risk analyst", "Container controller")),
    ("prosecution", "Prosecutor's Office", ("Prosecutor", "Senior prosecutor")),
    ("drug_control", "Drug Control Agency", ("Inspector", "Precursor inspector")),
    ("forensic", "Forensic Institute", ("Forensic expert",)),
    ("academy", "Police Academy", ("Teacher", "Course designer")),
)
AGENCY_WEIGHTS = (20, 18, 20, 12, 12, 7, 5, 3, 3)
RANK_BANDS = ("junior", "middle", "senior")
RANK_WEIGHTS = (45, 40, 15)

HOMES = (
    Home(
        code="GE",
        share=46,
        zone="Asia/Tbilisi",
        zeal=0.82,
        ability=0.3,
        share_of_women=0.38,
        women="Nino ნინო, Tamar თამარ, Mariam მარიამ, Ketevan ქეთევან, Ana ანა, Natia ნათია, "
        "Salome სალომე, Eka ეკა, Lela ლელა, Maia მაია",
        men="Giorgi გიორგი, Davit დავით, Levan ლევან, Irakli ირაკლი, Zurab ზურაბ, Nika ნიკა, "
        "Luka ლუკა, Lasha ლაშა, Mamuka მამუკა, Vakhtang ვახტანგ",
        families="Kapanadze კაპანაძე, Gelashvili გელაშვილი, Maisuradze მაისურაძე, "
        "Giorgadze გიორგაძე, Lomidze ლომიძე, Tsiklauri წიკლაური, Kvaratskhelia კვარაცხელია, "
        "Nozadze ნოზაძე, Mchedlishvili მჭედლიშვილი, Beradze ბერაძე, Jorbenadze ჯორბენაძე, "
        "Dolidze დოლიძე, Chkheidze ჩხეიძე, Gogoladze გოგოლაძე",
    ),
    Home(
        code="KZ",
        share=44,
        zone="Asia/Almaty",
        zeal=0.7,
        ability=0.1,
        share_of_women=0.3,
        endings=OV,
        women="Aigerim Айгерім, Dana Дана, Madina Мадина, Saule Сәуле, Zhanar Жанар, "
        "Assel Әсел, Gulnara Гүлнара, Kamila Камила, Ainur Айнұр, Botagoz Ботагөз",
        men="Nurlan Нұрлан, Yerlan Ерлан, Askar Асқар, Daniyar Данияр, Timur Тимур, "
        "Bauyrzhan Бауыржан, Marat Марат, Serik Серік, Arman Арман, Kairat Қайрат",
        families="Mukanov Мұқанов, Ibragimov Ибрагимов, Nurpeissov Нұрпейісов, Omarov Омаров, "
        "Dosmagambetov Досмағамбетов, Zhumabayev Жұмабаев, Kassymov Қасымов, Abenov Әбенов, "
        "Iskakov Ысқақов, Tulegenov Төлегенов, Satpayev Сәтбаев, Bekov Беков, Smagulov Смағұлов",
    ),
    Home(
        code="UZ",
        share=38,
        zone="Asia/Tashkent",
        zeal=0.62,
        ability=0.0,
        share_of_women=0.22,
        endings=OV,
        women="Dilnoza, Nigora, Gulchehra, Shahnoza, Malika, Feruza, Zarina, Nodira, Umida",
        men="Jasur, Otabek, Sherzod, Bobur, Rustam, Akmal, Ulugʻbek, Dilshod, Sardor, Farrux",
        families="Karimov, Yusupov, Rahimov, Toshmatov, Ergashev, Qodirov, Saidov, Mirzayev, "
        "Xolmatov, Ismoilov, Nazarov, Abdullayev, Sobirov, Norboyev",
    ),
    Home(
        code="UA",
        share=36,
        zone="Europe/Kyiv",
        zeal=0.76,
        ability=0.4,
        share_of_women=0.44,
        endings=SKI,
        women="Olena Олена, Iryna Ірина, Oksana Оксана, Nataliia Наталія, Yuliia Юлія, "
        "Svitlana Світлана, Kateryna Катерина, Halyna Галина, Daryna Дарина",
        men="Oleksandr Олександр, Andrii Андрій, Serhii Сергій, Taras Тарас, Dmytro Дмитро, "
        "Mykola Микола, Bohdan Богдан, Ihor Ігор, Yurii Юрій",
        families="Shevchenko Шевченко, Kovalenko Коваленко, Bondarenko Бондаренко, "
        "Tkachuk Ткачук, Kravchuk Кравчук, Melnyk Мельник, Lysenko Лисенко, Savchuk Савчук, "
        "Romanenko Романенко, Kovalskyi Ковальський, Polishchuk Поліщук, Hrynko Гринько",
    ),
    Home(
        code="MD",
        share=28,
        zone="Europe/Chisinau",
        zeal=0.86,
        ability=0.2,
        share_of_women=0.42,
        women="Elena, Natalia, Doina, Cristina, Irina, Ludmila, Mihaela, Viorica, Ana",
        men="Ion, Andrei, Vasile, Sergiu, Mihai, Dumitru, Victor, Alexandru, Radu",
        families="Rusu, Bejan, Caraman, Popescu, Lungu, Țurcanu, Rotaru, Moraru, Cojocaru, "
        "Botnaru, Gîscă, Ursu, Vieru",
    ),
    Home(
        code="RS",
        share=26,
        zone="Europe/Belgrade",
        zeal=0.8,
        ability=0.5,
        share_of_women=0.36,
        women="Jelena Јелена, Milica Милица, Marija Марија, Ivana Ивана, Ana Ана, Jovana Јована, "
        "Snežana Снежана, Dragana Драгана",
        men="Marko Марко, Nikola Никола, Stefan Стефан, Miloš Милош, Dragan Драган, Vuk Вук, "
        "Nenad Ненад, Đorđe Ђорђе",
        families="Jovanović Јовановић, Petrović Петровић, Nikolić Николић, Marković Марковић, "
        "Đorđević Ђорђевић, Stojanović Стојановић, Ilić Илић, Pavlović Павловић, "
        "Kostić Костић, Savić Савић",
    ),
    Home(
        code="AM",
        share=26,
        zone="Asia/Yerevan",
        zeal=0.78,
        ability=0.2,
        share_of_women=0.32,
        women="Anahit Անահիտ, Lusine Լուսինե, Ani Անի, Mariam Մարիամ, Hasmik Հասմիկ, "
        "Gayane Գայանե, Nare Նարե, Lilit Լիլիթ",
        men="Armen Արմեն, Tigran Տիգրան, Gor Գոռ, Hayk Հայկ, Vardan Վարդան, Narek Նարեկ, "
        "Karen Կարեն, Aram Արամ",
        families="Hovhannisyan Հովհաննիսյան, Danielyan Դանիելյան, Hakobyan Հակոբյան, "
        "Harutyunyan Հարությունյան, Petrosyan Պետրոսյան, Vardanyan Վարդանյան, "
        "Mkrtchyan Մկրտչյան, Simonyan Սիմոնյան, Ghazaryan Ղազարյան, Avetisyan Ավետիսյան",
    ),
    Home(
        code="KG",
        share=24,
        zone="Asia/Bishkek",
        zeal=0.58,
        ability=-0.1,
        share_of_women=0.28,
        endings=OV,
        women="Aizada Айзада, Nurgul Нургүл, Begimai Бегимай, Cholpon Чолпон, Ainura Айнура, "
        "Meerim Мээрим, Zhyldyz Жылдыз",
        men="Bakyt Бакыт, Azamat Азамат, Nurbek Нурбек, Ulan Улан, Almaz Алмаз, Tilek Тилек, "
        "Emil Эмил, Kubanych Кубаныч",
        families="Abdyldaev Абдылдаев, Asanov Асанов, Bakirov Бакиров, Mamytov Мамытов, "
        "Osmonov Осмонов, Sydykov Сыдыков, Toktogulov Токтогулов, Usenov Үсөнов, Isaev Исаев",
    ),
    Home(
        code="TJ",
        share=20,
        zone="Asia/Dushanbe",
        zeal=0.5,
        ability=-0.3,
        share_of_women=0.18,
        endings=OV,
        women="Zarina Зарина, Nigina Нигина, Mehrangez Меҳрангез, Gulnoz Гулноз, Shahlo Шаҳло",
        men="Farhod Фарҳод, Rustam Рустам, Jamshed Ҷамшед, Daler Далер, Firuz Фирӯз, "
        "Behruz Беҳрӯз, Umed Умед",
        families="Saidov Саидов, Sharipov Шарипов, Nazarov Назаров, Safarzoda Сафарзода, "
        "Mirzozoda Мирзозода, Qurbonov Қурбонов, Davlatov Давлатов, Boboev Бобоев, "
        "Hakimov Ҳакимов",
    ),
    Home(
        code="AL",
        share=18,
        zone="Europe/Tirane",
        zeal=0.74,
        ability=0.1,
        share_of_women=0.4,
        women="Elira, Besa, Arta, Mirela, Ornela, Blerina, Teuta",
        men="Arben, Ilir, Gent, Erion, Dritan, Besnik, Agron",
        families="Hoxha, Shehu, Prifti, Kola, Gjoka, Leka, Dervishi, Marku, Çela, Basha",
    ),
    Home(
        code="MK",
        share=17,
        zone="Europe/Skopje",
        zeal=0.84,
        ability=0.3,
        share_of_women=0.41,
        endings=(*SKI, *OV),
        women="Elena Елена, Biljana Билјана, Marija Марија, Vesna Весна, Aneta Анета, Sanja Сања",
        men="Goran Горан, Zoran Зоран, Stojan Стојан, Igor Игор, Darko Дарко, Vlatko Влатко",
        families="Petrovski Петровски, Stojanovski Стојановски, Ristovski Ристовски, "
        "Dimitrov Димитров, Angelovski Ангеловски, Trajkovski Трајковски, Nikolov Николов, "
        "Jovanovski Јовановски",
    ),
    Home(
        code="AZ",
        share=16,
        zone="Asia/Baku",
        zeal=0.66,
        ability=0.0,
        share_of_women=0.2,
        endings=OV,
        women="Aygün, Leyla, Nərmin, Sevinc, Günel, Şəhla",
        men="Elçin, Rəşad, Vüqar, Anar, Orxan, Tural, Kamran",
        families="Kərimov, Məmmədov, Hüseynov, Quliyev, Həsənov, İsmayılov, Abbasov, Rzayev",
    ),
    Home(
        code="BA",
        share=14,
        zone="Europe/Sarajevo",
        zeal=0.68,
        ability=0.2,
        share_of_women=0.35,
        women="Amra, Lejla, Selma, Ivana, Jasmina, Dragana",
        men="Amir, Adnan, Goran, Emir, Mladen, Tarik",
        families="Hadžić, Begić, Kovačević, Delić, Marić, Babić, Suljić, Tomić",
    ),
    Home(
        code="TR",
        share=12,
        zone="Europe/Istanbul",
        zeal=0.72,
        ability=0.3,
        share_of_women=0.25,
        women="Ayşe, Zeynep, Elif, Merve, Gülşen",
        men="Mehmet, Mustafa, Emre, Ömer, Çağlar, Hakan",
        families="Yılmaz, Kaya, Demir, Çelik, Şahin, Yıldız, Öztürk, Aydın",
    ),
    Home(
        code="JO",
        share=12,
        zone="Asia/Amman",
        zeal=0.64,
        ability=0.0,
        share_of_women=0.25,
        women="Rania رانيا, Lina لينا, Hala هالة, Dima ديما, Samar سمر",
        men="Omar عمر, Khaled خالد, Faisal فيصل, Tareq طارق, Yousef يوسف, Zaid زيد",
        families="Haddad حداد, Mansour منصور, Khalil خليل, Nasser ناصر, Qasem قاسم, "
        "Saleh صالح, Hijazi حجازي",
    ),
    Home(
        code="MN",
        share=9,
        zone="Asia/Ulaanbaatar",
        zeal=0.9,
        ability=0.1,
        share_of_women=0.45,
        women="Oyuunchimeg Оюунчимэг, Sarantuya Сарантуяа, Nomin Номин, Enkhtuya Энхтуяа",
        men="Bat-Erdene Бат-Эрдэнэ, Ganbold Ганболд, Temuulen Тэмүүлэн, Otgonbayar Отгонбаяр",
        families="Batbayar Батбаяр, Dorj Дорж, Ganbaatar Ганбаатар, Purev Пүрэв, Tömör Төмөр",
    ),
    Home(
        code="ME",
        share=6,
        zone="Europe/Podgorica",
        zeal=0.88,
        ability=0.4,
        share_of_women=0.4,
        women="Milena, Jovana, Tijana, Andrijana",
        men="Luka, Vladan, Danilo, Petar",
        families="Vujović, Radulović, Popović, Perović, Đurović, Knežević",
    ),
    Home(
        code="GR",
        share=4,
        zone="Europe/Athens",
        zeal=0.8,
        ability=0.4,
        share_of_women=0.45,
        endings=GREEK,
        women="Eleni Ελένη, Maria Μαρία, Katerina Κατερίνα",
        men="Giorgos Γιώργος, Nikos Νίκος, Dimitris Δημήτρης",
        families="Papadopoulos Παπαδόπουλος, Nikolaidis Νικολαΐδης, Economou Οικονόμου, "
        "Dimas Δήμας",
    ),
    Home(
        code="TN",
        share=3,
        zone="Africa/Tunis",
        zeal=0.7,
        ability=0.1,
        share_of_women=0.35,
        women="Amel أمل, Sonia سنية, Rim ريم",
        men="Hatem حاتم, Slim سليم, Walid وليد",
        families="Trabelsi الطرابلسي, Gharbi الغربي, Jaziri الجزيري, Mejri الماجري",
    ),
    Home(
        code="AT",
        share=1,
        zone="Europe/Vienna",
        zeal=0.9,
        ability=0.5,
        share_of_women=0.5,
        women="Katharina, Lena",
        men="Lukas, Matthias",
        families="Gruber, Steiner, Leitner",
    ),
)


def listed(text: str) -> tuple[Name, ...]:
    """The names of a list above."""
    return tuple(_pair(one.split()) for one in text.split(", "))


def family(home: Home, name: Name, *, woman: bool) -> Name:
    """The family name in the form that a woman or a man of this State bears."""
    return (_form(name[0], home.endings), _form(name[1], home.endings)) if woman else name


def ascii_letters(text: str) -> str:
    """The name as an address writes it: `Əliyeva` is `aliyeva`."""
    return "".join(_plain(text.casefold()))


_LETTERS = str.maketrans(
    "əıđşșţțğčćžšçöüóåñāēīūłêëâîăíáéúňřýʻ", "aidssttgcczscouoanaeiuleeaaiaaeunry "
)


def _plain(text: str) -> Iterator[str]:
    return (sign for sign in text.translate(_LETTERS) if "a" <= sign <= "z")


def _pair(words: list[str]) -> Name:
    return words[0], words[1] if len(words) > 1 else ""


def _form(name: str, endings: tuple[tuple[str, str], ...]) -> str:
    for man, woman in endings:
        if name.endswith(man):
            return name.removesuffix(man) + woman
    return name
