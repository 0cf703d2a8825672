"""Names of months in the languages of Gemini, short and long: Unicode CLDR 49 (Unicode License v3).

Each paragraph is a month. Case is folded, and only letters and their marks are kept.
"""

import unicodedata

_NAMES = """
ene enero gen gener gennaio ian ianuarie jaan jaanuar jan janar janeiro januar januari januarie
january január januára janv janvier janvāris janúar oca ocak saus sausio sausis sty styczeń
stycznia tammi tammikuu tammikuuta urt urtarrila xan xaneiro yan yanvar ιαν ιανουάριοσ ιανουαρίου
січ січень січня янв январь января яну януари јан јануар ינו ינואר جنوری يناير ژانویه जन जनवरी
जाने जानेवारी জানু জানুয়ারি જાન્યુ જાન્યુઆરી ஜன ஜனவரி జన జనవరి ಜನ ಜನವರಿ ജനു ജനുവരി มกราคม มค

feb febbraio febr febreiro febrer febrero februar februari februarie february február februára
februāris febrúar fev fevereiro fevral févr février helmi helmikuu helmikuuta lut lutego luty ots
otsaila peb pebrero shk shkurt vas vasario vasaris veebr veebruar şub şubat φεβ φεβρουάριοσ
φεβρουαρίου лют лютий лютого феб фебруар фев февр февраль февраля февруари פבר פברואר فبراير فروری
فوریه फ़र फ़रवरी फेब्रु फेब्रुवारी ফেব ফেব্রুয়ারি ફેબ્રુ ફેબ્રુઆરી பிப் பிப்ரவரி ఫిబ్ర ఫిబ్రవరి
ಫೆಬ್ರ ಫೆಬ್ರವರಿ ഫെബ്രു ഫെബ്രുവരി กพ กุมภาพันธ์

kov kovas kovo maalis maaliskuu maaliskuuta maart mac machi mar marca march marec maret mars marso
mart martie marts martxoa marzec marzo març março mrt márc március mär märts märz μάρ μάρτιοσ μαρ
μαρτίου бер березень березня мар март марта מרץ مارس مارچ मार्च মার্চ માર્ચ மார் மார்ச் మార్చి
ಮಾರ್ಚ್ മാർ മാർച്ച് มีค มีนาคม

abr abril api apirila apr aprel april aprile aprili aprilie aprill apríl apríla aprīlis avr avril
bal balandis balandžio dabr dabril huhti huhtikuu huhtikuuta kwi kwiecień kwietnia nis nisan pri
prill ápr április απρ απρίλιοσ απριλίου апр апрель апреля април квіт квітень квітня אפר אפריל
آوریل أبريل اپریل अप्रैल एप्रि एप्रिल এপ্রি এপ্রিল એપ્રિલ ஏப் ஏப்ரல் ఏప్రి ఏప్రిల్ ಏಪ್ರಿ ಏಪ್ರಿಲ್
ഏപ്രി ഏപ്രിൽ เมย เมษายน

geg gegužė gegužės mag maggio mai maiatza maig maijs maio maj maja may mayo mayıs maí mei máj mája
május touko toukokuu toukokuuta μάι μάιοσ μαΐ μαΐου май мая мај трав травень травня מאי مئی
مايو مه मई मे মে મે மே మే ಮೇ മേയ് พค พฤษภาคม

birž birželio birželis cze czerwca czerwiec eka ekaina giu giugno haz haziran hun hunyo iun iunie
iyn iyun juin jun june junho juni junie junij junio juny juuni jún júna június júní jūn jūnijs
kesä kesäkuu kesäkuuta qer qershor xuño ιουν ιουνίου ιούν ιούνιοσ июн июнь июня черв червень
червня юни јун יוני جون يونيو ژوئن जून জুন જૂન ஜூன் జూన్ ಜೂನ್ ജൂൺ มิถุนายน มิย

heinä heinäkuu heinäkuuta hul hulyo iul iulie iyl iyul juil juillet jul julai julho juli julie
julij julio juliol july juuli júl júla július júlí jūl jūlijs korr korrik liep liepa liepos lip
lipca lipiec lug luglio tem temmuz uzt uztaila xul xullo ιουλ ιουλίου ιούλ ιούλιοσ июл июль июля
лип липень липня юли јул יולי جولائی يوليو ژوئیه जुल जुलाई जुलै জুল জুলাই જુલાઈ ஜூலை జులై ಜುಲೈ
ജൂലൈ กค กรกฎาคม

abu abuztua ag ago agost agosti agosto agu agustus août aug august augusta augusti augusts
augustus augusztus avg avgust avq avqust ağu ağustos dag dagost elo elokuu elokuuta gush gusht ogo
ogos rugp rugpjūtis rugpjūčio sie sierpień sierpnia ágú ágúst αυγ αυγούστου αύγ αύγουστοσ авг
август августа серп серпень серпня אוג אוגוסט أغسطس اوت اگست अग अगस्त ऑग ऑगस्ट আগ আগস্ট ઑગસ્ટ ஆக
ஆகஸ்ட் ఆగ ఆగస్టు ಆಗ ಆಗಸ್ಟ್ ഓഗ ഓഗസ്റ്റ് สค สิงหาคม

eyl eylül ira iraila rugs rugsėjis rugsėjo sen sentyabr sep sept septemba septembar september
septembra septembre septembrie septembris septiembre set setembre setembro settembre setyembre sht
shtator syys syyskuu syyskuuta szept szeptember wrz wrzesień września σεπ σεπτέμβριοσ σεπτεμβρίου
вер вересень вересня сент сентябрь сентября сеп септембар септември ספט ספטמבר سبتمبر ستمبر
سپتامبر सप्टें सप्टेंबर सित सितंबर সেপ সেপ্ট সেপ্টেম্বর સપ્ટે સપ્ટેમ્બર செப் செப்டம்பர் సెప్టెం
సెప్టెంబర్ ಸೆಪ್ಟೆಂ ಸೆಪ್ಟೆಂಬರ್ സെപ്റ്റം സെപ്റ്റംബർ กย กันยายน

doct doctubre eki ekim loka lokakuu lokakuuta oct october octobre octombrie octubre okt oktoba
oktobar oktober oktobris oktoober oktubre oktyabr október októbra ott ottobre out outubro paź
październik października spal spalio spalis tet tetor urr urria οκτ οκτωβρίου οκτώβριοσ жовт
жовтень жовтня окт октобар октомври октябрь октября אוק אוקטובר أكتوبر اکتبر اکتوبر अक्टू अक्टूबर
ऑक्टो ऑक्टोबर অক্টো অক্টোবর ઑક્ટો ઑક્ટોબર அக் அக்டோபர் అక్టో అక్టోబర్ ಅಕ್ಟೋ ಅಕ್ಟೋಬರ್ ഒക്ടോ ഒക്ടോബർ
ตค ตุลาคม

aza azaroa kas kasım lapkr lapkritis lapkričio lis listopad listopada marras marraskuu marraskuuta
nob nobyembre noiembrie nov novemba novembar november novembra novembre novembris novembro
noviembre noy noyabr nën nëntor nóv nóvember νοέ νοέμβριοσ νοε νοεμβρίου лист листопад листопада
нов новембар ное ноември нояб ноябрь ноября נוב נובמבר نوامبر نوفمبر نومبر नव नवंबर नोव्हें
नोव्हेंबर নভে নভেম্বর નવે નવેમ્બર நவ நவம்பர் నవం నవంబర్ ನವೆಂ ನವೆಂಬರ್ നവം നവംബർ พย พฤศจิกายน

abe abendua ara aralık dec decembar december decembra decembrie decembris decembro dek dekabr des
desemba desember desembre dets detsember dez dezember dezembro dhj dhjetor dic dicembre diciembre
dis disember disyembre déc décembre gru grudnia grudzień gruod gruodis gruodžio joulu joulukuu
joulukuuta δεκ δεκέμβριοσ δεκεμβρίου груд грудень грудня дек декабрь декабря декември дец децембар
דצמ דצמבר دسامبر دسمبر ديسمبر डिसें डिसेंबर दिस दिसंबर ডিসে ডিসেম্বর ડિસે ડિસેમ્બર டிச டிசம்பர்
డిసెం డిసెంబర్ ಡಿಸೆಂ ಡಿಸೆಂಬರ್ ഡിസം ഡിസംബർ ธค ธันวาคม
"""
_CROATIAN = """
sij siječanj siječnja

velj veljača veljače

ožu ožujak ožujka

tra travanj travnja

svi svibanj svibnja

lip lipanj lipnja

srp srpanj srpnja

kol kolovoz kolovoza

ruj rujan rujna

lis listopad listopada

stu studeni studenoga

pro prosinac prosinca
"""


def month_of(word: str, croatian: bool = False) -> int | None:
    """The number of a month's name; None for another word.

    Args:
        croatian: read Croatian names, some of which mean another month in Polish.

    >>> month_of("nov."), month_of("листопада"), month_of("de")
    (11, 11, None)
    >>> month_of("lis"), month_of("lis", croatian=True)
    (11, 10)
    """
    folded = unicodedata.normalize("NFKC", word).casefold()
    plain = "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LM")
    found = _IN_CROATIAN.get(plain) if croatian else None
    return found or _MONTHS.get(plain) or _MONTHS.get(plain.removeprefix(_IN_HEBREW))


def _numbers(names: str) -> dict[str, int]:
    return {name: n for n, month in enumerate(names.split("\n\n"), start=1) for name in month.split()}


_MONTHS, _IN_CROATIAN = _numbers(_NAMES), _numbers(_CROATIAN)
_IN_HEBREW = "ב"
"""The prefix "in"."""
