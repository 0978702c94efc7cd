"""Stories in other languages and scripts, written for these cases."""

from __future__ import annotations

from .stories import Story, p

HEBREW = Story(
    title="הגשר הישן בנמל נפתח שוב אחרי תשע שנים",
    standfirst="התושבים חצו אותו ברגל עם עלות השחר, אך המשאיות יחכו עד האביב",
    authors=("מיכל ברנע",), date="2024-03-18", time="2024-03-18T08:00:00+02:00", site="עיתון הנמל", language="he", direction="rtl",
    lead=("https://img.hanamal.example/bridge-800.jpg", "גשר", "אנשים חוצים את הגשר בבוקר יום שני."),
    labels={"share": "שתפו בפייסבוק", "related": "כתבות נוספות", "subscribe": "הירשמו לניוזלטר שלנו"},
    blocks=p(
        "הגשר הנע שמעל שפך הנחל נפתח ביום שני להולכי רגל ולרוכבי אופניים, תשע שנים אחרי שדוברה פגעה באחד מציריו והותירה את שני חלקי העיר מחוברים רק באמצעות מעבורת.",
        "כארבע מאות איש התאספו בחושך לפני שהמחסומים הורמו ברבע לשש בבוקר. כמה מהם הביאו תרמוסים, ושלישיית כלי נשיפה ממועדון החתירה ניגנה עד שהרוח התחזקה מדי.",
        "המהנדסים האמינו תחילה שאפשר יהיה להחליף את הציר הפגוע בתוך עונה אחת. אולם כשצוללים בדקו את היסודות התברר שעמודי העץ, שננעצו בקרקע בסוף המאה התשע עשרה, נחלשו כמעט עד הליבה.",
        "העלות הסופית הגיעה לארבעים ואחד מיליון, יותר מפי שלושה מן האומדן הראשון. המעבורת תפליג בפעם האחרונה ביום שישי בערב, והקברניט שלה אמר שבקיץ יצבע את הגוף מחדש.",
    ),
)
ARABIC = Story(
    title="إعادة افتتاح الجسر القديم بعد تسع سنوات من الإصلاح",
    authors=("سلمى حداد",), date="2024-03-18", site="صحيفة الميناء", language="ar", direction="rtl",
    labels={"share": "شارك على فيسبوك", "related": "مواضيع ذات صلة", "subscribe": "اشترك في نشرتنا البريدية"},
    blocks=p(
        "افتُتح الجسر المتحرك فوق مصب النهر يوم الاثنين أمام المشاة وراكبي الدراجات، بعد تسع سنوات من اصطدام مركب بأحد محاوره وبقاء نصفي المدينة متصلين بعبّارة فقط.",
        "وتجمع نحو أربعمئة شخص في الظلام قبل رفع الحواجز عند السادسة إلا ربعا صباحا. وعزفت فرقة صغيرة من نادي التجديف حتى اشتدت الرياح.",
        "وكان المهندسون يعتقدون في البداية أن استبدال المحور المتضرر ممكن خلال موسم واحد، غير أن الغواصين وجدوا عند فحص الأساسات أن الأعمدة الخشبية قد تآكلت تقريبا حتى المركز.",
        "وبلغت التكلفة النهائية واحدا وأربعين مليونا، أي أكثر من ثلاثة أضعاف التقدير الأول. وستقوم العبّارة برحلتها الأخيرة مساء الجمعة بعد أن نقلت مليوني راكب.",
    ),
)
PERSIAN = Story(
    title="پل قدیمی بندر پس از نه سال دوباره باز شد",
    authors=("نرگس کاویانی",), date="2024-03-18", site="روزنامه بندر", language="fa", direction="rtl",
    labels={"share": "اشتراک گذاری", "related": "بیشتر بخوانید", "subscribe": "عضویت در خبرنامه"},
    blocks=p(
        "پل متحرک دهانه رودخانه روز دوشنبه به روی پیاده‌ها و دوچرخه‌سواران باز شد؛ نه سال پس از آنکه برخورد یک بارج یکی از محورهای آن را از جا کند و دو نیمه شهر تنها با قایق به هم وصل ماندند.",
        "حدود چهارصد نفر پیش از برداشته شدن نرده‌ها در تاریکی گرد آمده بودند. چند نفر چای داغ آورده بودند و گروه کوچکی از باشگاه قایقرانی تا زمانی که باد شدید شد ساز می‌زد.",
        "مهندسان نخست گمان می‌کردند که محور آسیب‌دیده را می‌توان در یک فصل عوض کرد، اما غواصان هنگام بررسی پی‌ها دریافتند که ستون‌های چوبی تقریبا تا مرکز پوسیده‌اند.",
        "هزینه نهایی به چهل و یک میلیون رسید که بیش از سه برابر برآورد نخست است. قایق مسافربری جمعه شب آخرین سفر خود را انجام خواهد داد.",
    ),
)
CHINESE = Story(
    title="修缮九年之后，老旋桥重新开放",
    authors=("林若溪",), date="2024-03-18", site="海港日报", language="zh",
    labels={"share": "分享到微博", "related": "相关阅读", "subscribe": "订阅我们的新闻"},
    blocks=p(
        "河口上的旋桥星期一向行人和自行车重新开放。九年前，一艘驳船撞坏了其中一个桥轴，从那以后，这座小城的两半只能靠渡船往来。",
        "清晨五点三刻护栏升起之前，大约四百人已经在黑暗中等候。有人带着保温壶，赛艇俱乐部的三人铜管乐队一直演奏到风大得吹走乐谱为止。",
        "工程师最初认为，损坏的桥轴一个季度就能换好。然而潜水员检查桥基时发现，一百多年前打下的木桩几乎已被蛀空。市议会不得不在拆除和全面重建之间作出选择。",
        "最终的费用达到四千一百万，是最初预算的三倍多。由于临时桥面只能承受三吨重量，卡车和公共汽车要等到四月以后才能通行。渡船将在星期五晚上作最后一次航行。",
    ),
)
JAPANESE = Story(
    title="九年の修復を終え、古い旋回橋が再び開通",
    authors=("佐伯 真理",), date="2024-03-18", site="港新聞", language="ja",
    labels={"share": "シェアする", "related": "関連記事", "subscribe": "メールマガジンの登録はこちら"},
    blocks=p(
        "河口にかかる旋回橋が月曜日、歩行者と自転車に向けて再び開通した。九年前にはしけが衝突して軸の一つが壊れ、町の二つの地区は渡し船だけで結ばれていた。",
        "午前五時四十五分に柵が上がる前から、およそ四百人が暗闇の中で待っていた。魔法瓶を持参した人もいれば、ボート部の金管三重奏は風で楽譜が飛ぶまで演奏を続けた。",
        "技術者たちは当初、壊れた軸は一つの季節のうちに交換できると考えていた。しかし潜水士が基礎を調べると、十九世紀に打ち込まれた木の杭は中心近くまで虫に食われていた。",
        "最終的な費用は四千百万に達し、最初の見積もりの三倍を超えた。渡し船は金曜日の夜に最後の航海を行う。船長は、夏の間に船体を塗り直すつもりだと語った。",
    ),
)
KOREAN = Story(
    title="아홉 해 만에 다시 열린 옛 회전 다리",
    authors=("한지우",), date="2024-03-18", site="항구신문", language="ko",
    labels={"share": "공유하기", "related": "관련기사", "subscribe": "구독하기"},
    blocks=p(
        "강어귀의 회전 다리가 월요일 보행자와 자전거에 다시 개방되었다. 아홉 해 전 바지선이 축 하나를 부순 뒤로 마을의 두 쪽은 나룻배로만 이어져 있었다.",
        "새벽 다섯 시 사십오 분 차단막이 올라가기 전부터 사백 명가량이 어둠 속에서 기다렸다. 몇몇은 보온병을 가져왔고, 조정부의 금관 삼중주는 바람이 거세질 때까지 연주를 계속했다.",
        "기술자들은 처음에 부서진 축을 한 계절 안에 바꿀 수 있으리라 믿었다. 그러나 잠수부들이 기초를 살펴보니 백 년도 더 전에 박은 나무 말뚝이 거의 속까지 비어 있었다.",
        "최종 비용은 사천백만에 이르러 첫 견적의 세 배를 넘었다. 나룻배는 금요일 저녁에 마지막 운항을 하며, 선장은 여름 동안 선체를 다시 칠하겠다고 말했다.",
    ),
)
RUSSIAN = Story(
    title="Старый поворотный мост открыли после девяти лет ремонта",
    standfirst="Жители обоих берегов прошли по нему на рассвете, но грузовикам придётся ждать весны",
    authors=("Вера Ломова",), date="2024-03-18", time="2024-03-18T09:00:00+03:00", site="Портовый листок", language="ru",
    labels={"share": "Поделиться в Telegram", "related": "Читайте также", "subscribe": "Подпишитесь на рассылку"},
    blocks=p(
        "Поворотный мост через устье реки открылся в понедельник для пешеходов и велосипедистов — через девять лет после того, как баржа сорвала одну из его опор и две половины города остались связаны только паромом.",
        "Около четырёхсот человек собрались ещё в темноте, до того как без четверти шесть подняли шлагбаумы. Некоторые принесли термосы, а трио из гребного клуба играло, пока ветер не стал слишком сильным.",
        "Инженеры сначала полагали, что повреждённую опору удастся заменить за один сезон. Но водолазы, осмотревшие основание, обнаружили, что деревянные сваи, забитые в конце позапрошлого века, источены почти до сердцевины.",
        "Итоговая стоимость составила сорок один миллион — втрое больше первой оценки. Паром совершит последний рейс в пятницу вечером, а его капитан говорит, что летом будет красить корпус.",
    ),
)
GERMAN = Story(
    title="Alte Drehbrücke nach neun Jahren wieder geöffnet",
    standfirst="Im Morgengrauen gingen die Anwohner beider Ufer hinüber, Lastwagen müssen bis zum Frühjahr warten",
    authors=("Jörg Hülsmann", "Bettina Aust"), date="2024-03-18", time="2024-03-18T06:45:00+01:00", site="Hafenbote", language="de",
    labels={"share": "Auf Facebook teilen", "related": "Lesen Sie auch", "subscribe": "Jetzt abonnieren"},
    blocks=p(
        "Die Drehbrücke über die Mündung ist seit Montag wieder für Fußgänger und Radfahrer offen, neun Jahre nachdem ein Lastkahn eines der Lager abgerissen und die beiden Hälften der Stadt nur noch durch eine Fähre verbunden gelassen hatte.",
        "Rund vierhundert Menschen versammelten sich im Dunkeln, ehe um Viertel vor sechs die Schranken hochgingen. Manche hatten Thermoskannen dabei, und ein Bläsertrio des Rudervereins spielte, bis der Wind zu stark für die Noten wurde.",
        "Die Ingenieure glaubten zunächst, das beschädigte Lager lasse sich binnen einer Saison ersetzen. Als Taucher jedoch die Gründung untersuchten, stellten sie fest, dass die Holzpfähle aus dem neunzehnten Jahrhundert fast bis zum Kern zerfressen waren.",
        "Am Ende kostete die Erneuerung 41 Millionen, mehr als das Dreifache der ersten Schätzung. Die Fähre fährt am Freitagabend zum letzten Mal; ihr Kapitän will im Sommer den Rumpf neu streichen.",
    ),
)
FRENCH = Story(
    title="Le vieux pont tournant rouvre après neuf ans de travaux",
    standfirst="Les habitants des deux rives l’ont traversé à l’aube, mais les camions devront attendre le printemps",
    authors=("Élodie Marchais",), date="2024-03-18", site="Le Courrier du port", language="fr",
    labels={"share": "Partager sur Facebook", "related": "Lire aussi", "subscribe": "Abonnez-vous"},
    blocks=p(
        "Le pont tournant de l’estuaire a rouvert lundi aux piétons et aux cyclistes, neuf ans après qu’une péniche eut arraché l’un de ses pivots, laissant les deux moitiés de la ville reliées par un seul bac.",
        "Environ quatre cents personnes s’étaient rassemblées dans le noir avant que les barrières ne se lèvent, à six heures moins le quart. Certaines avaient apporté des thermos ; un trio de cuivres du club d’aviron a joué jusqu’à ce que le vent emporte les partitions.",
        "Les ingénieurs pensaient d’abord remplacer le pivot endommagé en une saison. Mais les plongeurs ont découvert que les pieux de bois, plantés à la fin du dix-neuvième siècle, étaient rongés presque jusqu’au cœur.",
        "La facture finale atteint quarante et un millions, plus de trois fois la première estimation. Le bac fera sa dernière traversée vendredi soir, et son capitaine compte repeindre la coque pendant l’été.",
    ),
)
SPANISH = Story(
    title="El viejo puente giratorio reabre tras nueve años de obras",
    authors=("Lucía Ferrán",), date="2024-03-18", site="El Correo del Puerto", language="es",
    labels={"share": "Compartir en Facebook", "related": "Te puede interesar", "subscribe": "Suscríbete a nuestro boletín"},
    blocks=p(
        "El puente giratorio sobre la ría se abrió el lunes a peatones y ciclistas, nueve años después de que una barcaza arrancara uno de sus pivotes y dejara las dos mitades de la ciudad unidas solo por un transbordador.",
        "Unas cuatrocientas personas se reunieron a oscuras antes de que se levantaran las barreras a las seis menos cuarto. Algunas llevaban termos; un trío de metales del club de remo tocó hasta que el viento se llevó las partituras.",
        "Los ingenieros creían al principio que el pivote dañado podía sustituirse en una temporada. Sin embargo, los buzos hallaron que los pilotes de madera, clavados a finales del siglo diecinueve, estaban carcomidos casi hasta el centro.",
        "La factura final ascendió a cuarenta y un millones, más del triple de la primera estimación. El transbordador hará su última travesía el viernes por la noche.",
    ),
)
