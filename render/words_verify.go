package render

// VerifyWords are the catalogue's words of the page that checks an article against the record.
type VerifyWords struct {
	Title, Result, NotProved, Waiting     string
	NoScript, NoSignatures, Kept, NotKept string
	Witness, WitnessWhy, WitnessKeys      string
	Check, Forget, Yourself, YourselfWhy  string
	Proof                                 string
	Verdict                               VerdictWords
}

// VerdictWords are the sentences in which a verification from outside says what is proved and what is not; `dateline verify` says
// the same in English. {time} is an instant with its zone, {size} a number of entries, {origin} and {now} are names of logs.
type VerdictWords struct {
	FirstSight  string `json:"firstSight"`
	NoticedNext string `json:"noticedNext"` // follows FirstSight where what was seen is kept
	SameKey     string `json:"sameKey"`
	NewKey      string `json:"newKey"`
	Signed      string `json:"signed"`
	Stale       string `json:"stale"` // follows Signed, over two hours later
	NotTimed    string `json:"notTimed"`
	InLog       string `json:"inLog"`
	InLogSince  string `json:"inLogSince"`
	GoesOn      string `json:"goesOn"`

	Unreached        string `json:"unreached"`
	NoProof          string `json:"noProof"`
	KeyLost          string `json:"keyLost"`
	KeyCut           string `json:"keyCut"`
	NotSigned        string `json:"notSigned"`
	NotInLog         string `json:"notInLog"`
	NoEdition        string `json:"noEdition"`
	Nothing          string `json:"nothing"`
	SeenDamaged      string `json:"seenDamaged"`
	OtherLog         string `json:"otherLog"`
	Rewritten        string `json:"rewritten"`
	NoWitness        string `json:"noWitness"`
	BadWitness       string `json:"badWitness"`
	WitnessOther     string `json:"witnessOther"`
	WitnessRewritten string `json:"witnessRewritten"`
	BadWitnessKey    string `json:"badWitnessKey"`
}

// Say fills the places of a sentence of a verdict: pairs of a name without its braces and what stands there.
func (VerdictWords) Say(sentence string, pairs ...string) string { return put(sentence, pairs...) }

var englishVerify = VerifyWords{
	Title: "This article and the record", Result: "What is proved", NotProved: "It is not proved", Waiting: "Checking.",
	NoScript:     "Nothing has been checked: that takes a script, and your browser runs none here.",
	NoSignatures: "Nothing has been checked: your browser cannot check Ed25519 signatures here. Newer ones can, at addresses that begin with https.",
	Kept:         "What was seen is kept in this browser alone, for the next time.", NotKept: "This browser keeps nothing: the next time will be the first again.",
	Witness: "With a witness",
	WitnessWhy: "A witness is somebody else, who signs that the log was there, and when. Without one all times are by the paper’s own clock, and a log that " +
		"was rewritten is noticed only by those who saw the one before.",
	WitnessKeys: "Keys of witnesses whom you trust, one to a line", Check: "Check", Forget: "Forget what was seen",
	Yourself:    "From a machine of your own",
	YourselfWhy: "This page and its script come from the paper that they check. Whoever wants to depend on neither runs this, without an account:",
	Proof:       "For programs: [the proof itself].",
	Verdict: VerdictWords{
		FirstSight:  "Seen for the first time: it is signed with the key that the site itself names.",
		NoticedNext: "From now on another one is noticed.",
		SameKey:     "Signed with the key that was seen last.",
		NewKey:      "The key was changed; each new one is signed by the one before.",
		Signed:      "It was signed {time} by the paper’s own clock.",
		Stale:       "That is more than two hours ago by yours: a paper signs every hour, so what you are shown may be old.",
		NotTimed:    "The checkpoint does not say when it was signed.",
		InLog:       "Edition {n} (entry {entry}) is in the log of {size} entries that {origin} signs now. It was recorded {time} by the paper’s own clock.",
		InLogSince:  "Edition {n} (entry {entry}) is in the log, and was since {time} at the latest, as the witness {witness} says.",
		GoesOn:      "The log goes on from the one of {size} entries that was seen {time}: nothing in it was changed.",

		Unreached:        "The site gives nothing at {address}.",
		NoProof:          "What the site gives at {address} is no proof.",
		KeyLost:          "The key that was seen last is not among those that the record names now.",
		KeyCut:           "The record goes on under a key that the one seen last does not lead to: it was begun again from an older copy, or made up.",
		NotSigned:        "The checkpoint is not signed with the key that is trusted.",
		NotInLog:         "Entry {entry} is not shown to be in the log: its words or its proof are not those that were signed.",
		NoEdition:        "Entry {entry} is no edition.",
		Nothing:          "No edition is given with a proof.",
		SeenDamaged:      "What is kept of the last time cannot be read.",
		OtherLog:         "The log seen last was {origin}, this is {now}: it was begun again, and nothing shows that it holds what that one held.",
		Rewritten:        "The log does not go on from the one of {size} entries that was seen {time}: it was rewritten, or you are shown another.",
		NoWitness:        "The site gives nothing that the witness {witness} has signed, so that this log was not rewritten is the paper’s word alone.",
		BadWitness:       "What is given as signed by the witness {witness} is not.",
		WitnessOther:     "The witness {witness} saw the log {origin}, this is {now}.",
		WitnessRewritten: "The log does not go on from the one of {size} entries that the witness {witness} saw {time}: it was rewritten.",
		BadWitnessKey:    "{key} is no witness’s key (name+hash+data, C2SP tlog-cosignature).",
	},
}

var hindiVerify = VerifyWords{
	Title: "यह लेख और अभिलेख", Result: "क्या सिद्ध है", NotProved: "यह सिद्ध नहीं है", Waiting: "जाँच हो रही है।",
	NoScript:     "कुछ भी नहीं जाँचा गया: इसके लिए स्क्रिप्ट चाहिए, और आपका ब्राउज़र यहाँ कोई स्क्रिप्ट नहीं चलाता।",
	NoSignatures: "कुछ भी नहीं जाँचा गया: आपका ब्राउज़र यहाँ Ed25519 हस्ताक्षर नहीं जाँच सकता। नए ब्राउज़र https से शुरू होने वाले पतों पर जाँच सकते हैं।",
	Kept:         "जो देखा गया, वह अगली बार के लिए सिर्फ़ इसी ब्राउज़र में रखा जाता है।", NotKept: "यह ब्राउज़र कुछ नहीं रखता: अगली बार फिर पहली बार होगी।",
	Witness: "साक्षी के साथ",
	WitnessWhy: "साक्षी कोई और होता है, जो हस्ताक्षर करके बताता है कि उसने लॉग कब देखा। उसके बिना हर समय अख़बार की अपनी घड़ी से है, और फिर से लिखे गए लॉग को " +
		"वही पहचानता है जिसने पहले वाला देखा था।",
	WitnessKeys: "जिन साक्षियों पर आपको भरोसा है उनकी कुंजियाँ, हर पंक्ति में एक", Check: "जाँचें", Forget: "जो देखा गया उसे भूल जाएँ",
	Yourself:    "अपनी मशीन से",
	YourselfWhy: "यह पृष्ठ और इसकी स्क्रिप्ट उसी अख़बार से आते हैं जिसे ये जाँचते हैं। जो इन पर निर्भर न रहना चाहे, वह बिना किसी खाते के यह चलाए:",
	Proof:       "प्रोग्रामों के लिए: [स्वयं प्रमाण]।",
	Verdict: VerdictWords{
		FirstSight:  "पहली बार देखा गया: हस्ताक्षर उस कुंजी से है जिसे साइट ख़ुद बताती है।",
		NoticedNext: "अब से कोई दूसरी कुंजी हो तो पता चलेगा।",
		SameKey:     "हस्ताक्षर उसी कुंजी से है जो पिछली बार देखी गई थी।",
		NewKey:      "कुंजी बदली गई; हर नई कुंजी पर उससे पहले वाली के हस्ताक्षर हैं।",
		Signed:      "अख़बार की अपनी घड़ी के अनुसार हस्ताक्षर {time} को हुए।",
		Stale:       "आपकी घड़ी से यह दो घंटे से ज़्यादा पहले की बात है: अख़बार हर घंटे हस्ताक्षर करता है, इसलिए जो आपको दिखाया जा रहा है वह पुराना हो सकता है।",
		NotTimed:    "चेकपॉइंट यह नहीं बताता कि हस्ताक्षर कब हुए।",
		InLog:       "संस्करण {n} (प्रविष्टि {entry}) {size} प्रविष्टियों के उस लॉग में है जिस पर {origin} अभी हस्ताक्षर करता है। अख़बार की अपनी घड़ी के अनुसार यह {time} को दर्ज हुआ।",
		InLogSince:  "संस्करण {n} (प्रविष्टि {entry}) लॉग में है, और साक्षी {witness} के अनुसार ज़्यादा से ज़्यादा {time} से था।",
		GoesOn:      "लॉग {size} प्रविष्टियों वाले उसी लॉग से आगे बढ़ता है जो {time} को देखा गया था: उसमें कुछ नहीं बदला गया।",

		Unreached:        "साइट {address} पर कुछ नहीं देती।",
		NoProof:          "साइट {address} पर जो देती है वह प्रमाण नहीं है।",
		KeyLost:          "पिछली बार देखी गई कुंजी उनमें नहीं है जिन्हें अभिलेख अब बताता है।",
		KeyCut:           "अभिलेख ऐसी कुंजी से आगे चलता है जिस तक पिछली बार देखी गई कुंजी नहीं ले जाती: उसे किसी पुरानी प्रति से फिर शुरू किया गया, या वह गढ़ा हुआ है।",
		NotSigned:        "चेकपॉइंट पर भरोसे वाली कुंजी के हस्ताक्षर नहीं हैं।",
		NotInLog:         "प्रविष्टि {entry} का लॉग में होना नहीं दिखाया गया: उसके शब्द या उसका प्रमाण वे नहीं हैं जिन पर हस्ताक्षर हुए थे।",
		NoEdition:        "प्रविष्टि {entry} कोई संस्करण नहीं है।",
		Nothing:          "किसी संस्करण का प्रमाण नहीं दिया गया।",
		SeenDamaged:      "पिछली बार का जो रखा गया था वह पढ़ा नहीं जा सकता।",
		OtherLog:         "पिछली बार देखा गया लॉग {origin} था, यह {now} है: उसे फिर से शुरू किया गया, और कुछ नहीं दिखाता कि इसमें वह सब है जो उसमें था।",
		Rewritten:        "लॉग {size} प्रविष्टियों वाले उस लॉग से आगे नहीं बढ़ता जो {time} को देखा गया था: उसे फिर से लिखा गया, या आपको कोई दूसरा दिखाया जा रहा है।",
		NoWitness:        "साइट ऐसा कुछ नहीं देती जिस पर साक्षी {witness} के हस्ताक्षर हों; यह लॉग फिर से नहीं लिखा गया, यह केवल अख़बार का कहना है।",
		BadWitness:       "जिसे साक्षी {witness} का हस्ताक्षर बताया गया है, वह उसका नहीं है।",
		WitnessOther:     "साक्षी {witness} ने {origin} नाम का लॉग देखा था, यह {now} है।",
		WitnessRewritten: "लॉग {size} प्रविष्टियों वाले उस लॉग से आगे नहीं बढ़ता जिसे साक्षी {witness} ने {time} को देखा था: उसे फिर से लिखा गया।",
		BadWitnessKey:    "{key} किसी साक्षी की कुंजी नहीं है (name+hash+data, C2SP tlog-cosignature)।",
	},
}

var arabicVerify = VerifyWords{
	Title: "هذا المقال والسجل", Result: "ما ثبت", NotProved: "لم يثبت ذلك", Waiting: "يجري التحقق.",
	NoScript:     "لم يُتحقق من شيء: يلزم لذلك برنامج نصي، ومتصفحك لا يشغّل هنا أي برنامج.",
	NoSignatures: "لم يُتحقق من شيء: لا يستطيع متصفحك التحقق من توقيعات Ed25519 هنا. المتصفحات الأحدث تستطيع ذلك في العناوين التي تبدأ بـ https.",
	Kept:         "ما شوهد يبقى في هذا المتصفح وحده، للمرة القادمة.", NotKept: "هذا المتصفح لا يحفظ شيئًا: ستكون المرة القادمة هي الأولى من جديد.",
	Witness: "مع شاهد",
	WitnessWhy: "الشاهد طرف آخر يوقّع على أن السجل كان موجودًا ومتى كان ذلك. من دونه تكون كل الأوقات بساعة الصحيفة نفسها، ولا يلاحظ إعادة كتابة السجل " +
		"إلا من رأى ما كان قبلها.",
	WitnessKeys: "مفاتيح الشهود الذين تثق بهم، مفتاح في كل سطر", Check: "تحقق", Forget: "انسَ ما شوهد",
	Yourself:    "من جهازك أنت",
	YourselfWhy: "هذه الصفحة وبرنامجها يأتيان من الصحيفة التي يتحققان منها. من لا يريد الاعتماد عليهما يشغّل هذا، من دون حساب:",
	Proof:       "للبرامج: [الإثبات نفسه].",
	Verdict: VerdictWords{
		FirstSight:  "شوهد لأول مرة: وهو موقّع بالمفتاح الذي يسميه الموقع نفسه.",
		NoticedNext: "من الآن فصاعدًا يُلاحظ أي مفتاح آخر.",
		SameKey:     "موقّع بالمفتاح الذي شوهد آخر مرة.",
		NewKey:      "تغيّر المفتاح؛ وكل مفتاح جديد يحمل توقيع ما قبله.",
		Signed:      "وُقّع في {time} بساعة الصحيفة نفسها.",
		Stale:       "مضى على ذلك أكثر من ساعتين بساعتك: الصحيفة توقّع كل ساعة، فقد يكون ما يُعرض عليك قديمًا.",
		NotTimed:    "لا تذكر نقطة التحقق متى وُقّعت.",
		InLog:       "النسخة {n} (القيد {entry}) موجودة في السجل المكوّن من {size} من القيود الذي يوقّعه {origin} الآن. وقد سُجلت في {time} بساعة الصحيفة نفسها.",
		InLogSince:  "النسخة {n} (القيد {entry}) موجودة في السجل، وكانت فيه منذ {time} على أبعد تقدير، كما يقول الشاهد {witness}.",
		GoesOn:      "السجل يكمل سجل {size} من القيود الذي شوهد في {time}: لم يتغير فيه شيء.",

		Unreached:        "لا يعطي الموقع شيئًا في {address}.",
		NoProof:          "ما يعطيه الموقع في {address} ليس إثباتًا.",
		KeyLost:          "المفتاح الذي شوهد آخر مرة ليس بين المفاتيح التي يسميها السجل الآن.",
		KeyCut:           "يستمر السجل بمفتاح لا يقود إليه المفتاح الذي شوهد آخر مرة: إما بُدئ من جديد من نسخة أقدم، أو اختُلق.",
		NotSigned:        "نقطة التحقق غير موقّعة بالمفتاح الموثوق.",
		NotInLog:         "لم يتبين أن القيد {entry} موجود في السجل: كلماته أو إثباته ليست ما وُقّع عليه.",
		NoEdition:        "القيد {entry} ليس نسخة.",
		Nothing:          "لا توجد نسخة معها إثبات.",
		SeenDamaged:      "لا يمكن قراءة ما حُفظ من المرة السابقة.",
		OtherLog:         "السجل الذي شوهد آخر مرة كان {origin}، وهذا {now}: بُدئ من جديد، ولا شيء يبين أن فيه ما كان في ذاك.",
		Rewritten:        "السجل لا يكمل سجل {size} من القيود الذي شوهد في {time}: أُعيدت كتابته، أو يُعرض عليك سجل آخر.",
		NoWitness:        "لا يعطي الموقع شيئًا وقّعه الشاهد {witness}، فأن هذا السجل لم تُعد كتابته هو كلام الصحيفة وحدها.",
		BadWitness:       "ما قُدّم على أنه بتوقيع الشاهد {witness} ليس كذلك.",
		WitnessOther:     "رأى الشاهد {witness} السجل {origin}، وهذا {now}.",
		WitnessRewritten: "السجل لا يكمل سجل {size} من القيود الذي رآه الشاهد {witness} في {time}: أُعيدت كتابته.",
		BadWitnessKey:    "{key} ليس مفتاح شاهد (name+hash+data، C2SP tlog-cosignature).",
	},
}
