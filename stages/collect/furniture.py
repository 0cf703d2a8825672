"""Words of a chat page that are copied with an answer: buttons, labels, small print."""

import re

_FENCE = re.compile(r"(?:`{3,}|~{3,})[\w+-]*")
_EDGES = re.compile(r"\A[\W_]+|[\W_]+\Z")
_BUTTONS = """
copy | copy code | copied | copy text | copy response | copy table | copy to clipboard | edit
edit message | edit in canvas | open in canvas | open | close | expand | collapse | wrap | wrap lines
toggle word wrap | run | run code | preview | code | canvas | download | download code | download as csv
save | publish | customize | retry | try again | regenerate | regenerate response | regenerate draft
redo | continue | continue generating | share | share export | export | export to sheets
export to docs | report | good response | bad response | like | dislike | thumbs up | thumbs down
read aloud | listen | stop | more | more options | more actions | show more | show less | show all
sources | search sources | view sources | google it | double-check response | double check response
view other drafts | show drafts | show thinking | hide thinking | thinking | thought process | reasoned
searched the web | analysis paused | answer now | try again without apps | share feedback
was this helpful | code snippet | message chatgpt | ask chatgpt | ask gemini | ask anything
reply to claude | how can i help you today | do you like this personality | learn more
reply | ask a follow-up | was this response helpful | is this conversation helpful so far

kopieren | code kopieren | kopiert | antwort kopieren | in die zwischenablage kopieren | bearbeiten
öffnen | schließen | erweitern | maximieren | minimieren | einklappen | ausklappen | zeilenumbruch
ausführen | code ausführen | vorschau | herunterladen | code herunterladen | speichern | veröffentlichen
erneut versuchen | nochmal versuchen | noch einmal versuchen | wiederholen | neu generieren
neu erstellen | antwort neu generieren | fortfahren | teilen | teilen und exportieren | exportieren
in tabellen exportieren | melden | gute antwort | schlechte antwort | mag ich | mag ich nicht | vorlesen
laut vorlesen | anhören | mehr | mehr optionen | weitere optionen | weitere aktionen | mehr anzeigen
weniger anzeigen | alle anzeigen | quellen | quellen anzeigen | antwort überprüfen
antwort noch einmal prüfen | andere entwürfe ansehen | entwürfe anzeigen | denkprozess anzeigen
denkvorgang anzeigen | denkschritte anzeigen | gedankengänge anzeigen | web durchsucht
codeausschnitt | nachricht an chatgpt | stelle irgendeine frage | frag gemini | antworte claude
gedankengang anzeigen | überlegungen anzeigen | gedankengang

copier | copier le code | copié | copier la réponse | modifier | ouvrir | fermer | développer | réduire
agrandir | exécuter | exécuter le code | aperçu | télécharger | enregistrer | publier | réessayer
régénérer | regénérer | régénérer la réponse | continuer | partager | partager et exporter | exporter
exporter vers sheets | signaler | bonne réponse | mauvaise réponse | j'aime | je n'aime pas
lire à voix haute | écouter | plus | plus d'options | autres options | afficher plus | afficher moins
voir plus | voir moins | voir les sources | sources et contenus associés | vérifier la réponse
afficher la réflexion | afficher les étapes du raisonnement | extrait de code | répondre à claude
poser une question | afficher les autres versions | afficher le raisonnement | processus de réflexion

copiar | copiar código | copiar el código | copiado | copiar respuesta | editar | abrir | cerrar
expandir | contraer | ejecutar | ejecutar código | vista previa | descargar | guardar | publicar
reintentar | volver a intentar | volver a intentarlo | intentar de nuevo | regenerar
regenerar respuesta | volver a generar | continuar | compartir | compartir y exportar | exportar
exportar a hojas de cálculo | denunciar | buena respuesta | mala respuesta | respuesta correcta
respuesta incorrecta | me gusta | no me gusta | leer en voz alta | escuchar | más | más opciones
mostrar más | mostrar menos | ver más | ver menos | fuentes | ver fuentes | ver otras versiones
mostrar el razonamiento | mostrar pensamiento | fragmento de código | responder a claude
pregunta lo que quieras | verificar respuesta | mostrar razonamiento | proceso de pensamiento

json | jsonl | json5 | javascript | js | python | text | txt | plaintext | plain text | markdown | md
yaml
"""
_LABELS = {label.strip() for line in _BUTTONS.splitlines() for label in line.split("|") if label.strip()}
_PRODUCT = r"(?:chatgpt|claude|gemini|copilot|perplexity|le chat|mistral|grok|deepseek)"
_ERRS = r"\b(?:mistakes?|inaccurate|wrong|fehler|erreurs?|errores|tromper|equivocarse)\b"
_AI = r"(?:is (?:an )?ai and|ist eine ki und|est une ia et|es una ia y)".replace(" ", r"\ ")
_MODEL = r"(?:sonnet|opus|haiku|flash|pro|thinking|instant|auto)"
_CAUTION = (
    "(?:use code with caution|verwende code mit vorsicht|code mit vorsicht verwenden|"
    "utilisez le code avec (?:précaution|prudence)|(?:usa|utiliza) el código con precaución)"
).replace(" ", r"\ ")
_TYPE = r"(?:json|jsonl|text|txt|md|markdown|python|py|javascript|js|yaml|csv|html)"
_KIND = rf"(?:code|document|text|dokument|datei|file|artifact|artefakt|código|documento|texte)\W+{_TYPE}"
_SENTENCES = re.compile(
    rf"""
    {_PRODUCT} (?:\ {_AI})? \ (?:can|may|kann|peut|puede)\b .* {_ERRS} .*
    | {_PRODUCT} (?:\ (?:said|says|hat\ gesagt|sagt|a\ dit|dit|dijo|ha\ dicho|dice))?
    | (?:(?:please|bitte)\ )? (?:double-check|check\ important|überprüfe|vérifiez|comprueba|verifica)\b
      .{{0,80}}
    | your\ privacy\ (?:and|&)\ gemini(?:\ apps)?
    | (?:thought|reasoned|worked|nachgedacht|réflexion|a\ réfléchi|réfléchi|pensó|razonó)
      \ (?:for|für|über|pendant|durant|durante)\ .{{1,40}}
    | (?:view|open|download|ansehen|öffnen|ouvrir|abrir)\ (?:code|file|artifact|canvas|datei|artefakt)
    | click\ to\ open\ .{{1,40}}
    | {_KIND}
    | (?:(?:you|du|vous|tú)\ (?:said|hast\ gesagt|avez\ dit)) | has\ dicho | dijiste
    | (?:{_PRODUCT}\ )? (?:{_MODEL}\ \d(?:\.\d)? | \d(?:\.\d)?\ {_MODEL})
    | {_CAUTION} (?:\W+(?:learn\ more|mehr\ erfahren|en\ savoir\ plus|más\ información))?
    | (?:réponse\ de|antwort\ von|respuesta\ de)\ {_PRODUCT}
    | \d+\ ?/\ ?\d+
    """,
    re.VERBOSE,
)
_TITLE = re.compile(
    rf"^[^\n{{}}\[\]]{{1,80}}\n(?:[ \t]*\n)?(?=[ \t]*{_KIND}[ \t]*$)", re.MULTILINE | re.IGNORECASE
)
"""The name on the card of a document beside the chat, over its kind."""


def without_furniture(text: str) -> str:
    """The text without code fences and without the page's own lines.

    >>> without_furniture("Two cats:\\n```json\\nCopy code\\n")
    'Two cats:\\n\\n\\n'
    """
    lines = _TITLE.sub("", _FENCE.sub("", text)).split("\n")
    return "\n".join("" if _is_furniture(line) else line for line in lines)


def _is_furniture(line: str) -> bool:
    words = " ".join(_EDGES.sub("", line.casefold().replace("’", "'").replace("&", " ")).split())
    return words in _LABELS or _SENTENCES.fullmatch(words) is not None
