"""A plausible officer in each language of the participating States and Partners.

Language: name in Latin letters as a passport may have it, name in the own script ("" where that
is Latin), and the letters of its alphabet that are not plain a to z.
"""

RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя"

LATIN = {
    "az": ("Əli Məmmədov Çingiz oğlu", "ƏəĞğİıÖöŞşÜüÇç"),
    "bs": ("Đorđe Šarčević Žunić", "ČčĆćĐđŠšŽž"),
    "ca": ("Núria Gràcia i Col·lell", "ÀàÇçÈèÉéÍíÏïĿŀÒòÓóÚúÜü·"),
    "cnr": ("Śenka Źrnić", "ČčĆćĐđŠšŚśŽžŹź"),
    "cs": ("Jiří Dvořáček Ďáblický", "ÁáČčĎďÉéĚěÍíŇňÓóŘřŠšŤťÚúŮůÝýŽž"),
    "da": ("Åse Kjærgård Sørensen", "ÆæØøÅå"),
    "de": ("Jürgen Groẞ Weißhäupl", "ÄäÖöÜüßẞ"),
    "en": ("Siân O’Brien-Smith", "’'-"),
    "es": ("Íñigo Núñez Agüero", "ÁáÉéÍíÑñÓóÚúÜü"),
    "et": ("Õnne Pärnapuu Šmõgun", "ŠšŽžÕõÄäÖöÜü"),
    "fi": ("Väinö Hyökkälä", "ÅåÄäÖöŠšŽž"),
    "fr": ("Zoë Lœuvre-Müçè", "ÀàÂâÆæÇçÉéÈèÊêËëÎîÏïÔôŒœÙùÛûÜüŸÿ"),
    "ga": ("Séamus Ó Dónaill", "ÁáÉéÍíÓóÚú"),
    "hr": ("Krešimir Šćepanović", "ČčĆćĐđŠšŽž"),
    "hu": ("Győző Szűcs Ödön", "ÁáÉéÍíÓóÖöŐőÚúÜüŰű"),
    "is": ("Þórður Æsa Ðjúpalæk", "ÁáÐðÉéÍíÓóÚúÝýÞþÆæÖö"),
    "it": ("Niccolò D’Annunzio", "ÀàÈèÉéÌìÎîÒòÙù"),
    "la": ("Ioannes Āquīlius", "ĀāĒēĪīŌōŪū"),
    "lb": ("Jhéng Kënnéier", "ÄäÉéËë"),
    "lt": ("Žydrūnas Šęčiuvėnas", "ĄąČčĘęĖėĮįŠšŲųŪūŽž"),
    "lv": ("Ģirts Ķeņģis Ļaudonis", "ĀāČčĒēĢģĪīĶķĻļŅņŠšŪūŽž"),
    "mt": ("Ġorġ Ħaż-Żebbuġi Ċensu", "ĊċĠġĦħŻżÀàÈèÌìÒòÙù"),
    "nb": ("Bjørn Åsgård", "ÆæØøÅå"),
    "nl": ("Daniëlle van ĳperen", "ËëÏïĲĳÉéÜü"),
    "pl": ("Święcisław Źdźbło-Gżegżółka", "ĄąĆćĘęŁłŃńÓóŚśŹźŻż"),
    "pt": ("João Conceição Guimarães", "ÁáÂâÃãÀàÇçÉéÊêÍíÓóÔôÕõÚú"),
    "rm": ("Gion Tschüatta", "ÀàÈèÉéÌìÒòÙùÜü"),
    "ro": ("Ștefăniță Țânțăreanu", "ĂăÂâÎîȘșȚțŞşŢţ"),
    "sk": ("Ľubomír Dĺhoš Vŕbik", "ÁáÄäČčĎďÉéÍíĹĺĽľŇňÓóÔôŔŕŠšŤťÚúÝýŽž"),
    "sl": ("Živa Čuček-Šircelj", "ČčŠšŽž"),
    "sq": ("Gëzim Çela", "ÇçËë"),
    "sv": ("Åke Öström", "ÅåÄäÖöÉé"),
    "tk": ("Aýna Žumaýewa Şöhrat", "ÄäŇňÖöŞşÜüÝýŽžÇç"),
    "tr": ("Iğdır İsmailoğlu Çağrı", "ÇçĞğİıÖöŞşÜüÂâÎîÛû"),
    "uz": ("Oʻtkir Gʻulomov", "ʻʼ"),
}

OWN = {
    "be": ("Uladzimir Karatkevich", "Уладзімір Караткевіч", "ЎўІіЁёЫыЭэ’"),
    "bg": ("Georgi Atanasov", "Георги Атанасов", "ЪъЩщЬьЮюЯяЍѝ"),
    "kk": ("Aliya Kasymgalikyzy", "Әлия Қасымғалиқызы", "ӘәҒғҚқҢңӨөҰұҮүҺһІі"),
    "ky": ("Ozgon Tolomush kyzy", "Өзгөн Төлөмүш кызы", "ҢңӨөҮү"),
    "mk": ("Gjorgji Kjosev", "Ѓорѓи Ќосев", "ЃѓЅѕЈјЉљЊњЌќЏџЀѐЍѝ"),
    "mn": ("Bolormaa Gankhuyag", "Гомбожавын Өлзийхүү", "ӨөҮү"),
    "ru": ("Aleksei Shchukin", "Алексей Съёмщиков", RUSSIAN),
    "sr": ("Djordje Ljubicic", "Ђорђе Љубичић", "ЂђЈјЉљЊњЋћЏџ"),
    "tg": ("Rustam Qahhorov", "Рустам Қаҳҳоров Ӯғлӣ", "ҒғӢӣҚқӮӯҲҳҶҷ"),
    "uk": ("Yevhenii Gryniv", "Євгеній Ґринів-Їжак", "ҐґЄєІіЇї’"),
    "uz-Cyrl": ("Otkir Gulomov", "Ўткир Ғуломов Қаҳҳор ўғли", "ЎўҚқҒғҲҳ"),
    "el": (
        "Evangelos Papadimitriou",
        "Ευάγγελος Παπαδημητρίου",
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫαβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    ),
    "ka": ("Nino Beridze", "ნინო ბერიძე", "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"),
    "hy": (
        "Hovhannes Tumanyan",
        "Հովհաննես Թումանյան",
        "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    ),
    "ar": ("Fatima Al-Zahraa", "فاطمة الزهراء", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"),
    "fa-AF": ("Mohammad Zaher Rahimi", "محمدظاهر رحیمی", "پچژکگیۀ"),
    "ps": ("Gulab Khan", "ګلاب ځانګړی څېړونکی", "ټډړږښځڅڼګېۍئی"),
    "he": ("Yitzhak Ben-Zvi", "יצחק בן־צבי", "אבגדהוזחטיכךלמםנןסעפףצץקרשת"),
}

LATIN_ONLY = {  # no font for the own script: the paper shows the Latin name alone
    "ja": ("Yamada Taro", "山田太郎"),
    "ko": ("Kim Minjun", "김민준"),
    "th": ("Somchai Jaidee", "สมชาย ใจดี"),
}
