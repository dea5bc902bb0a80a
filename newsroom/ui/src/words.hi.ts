// Hindi.
import type { Catalogue } from './words'

export const hi: Catalogue = {
  // Frame
  skip: 'सीधे काम पर जाएँ', newsroom: 'न्यूज़रूम', searchAll: 'सभी लेखों में खोजें', searchSome: '{n} लेखों में खोजें', searchMore: '{n} से अधिक लेखों में खोजें', youTime: 'आपके यहाँ: {time}',
  newArticle: 'नया लेख', lists: 'सूचियाँ', sections: 'अनुभाग', calendar: 'कैलेंडर', again: 'फिर कोशिश करें', close: 'बंद करें', cancel: 'रहने दें', back: 'वापस', add: 'जोड़ें', none: 'कोई नहीं', nothing: 'कुछ नहीं',
  backToDay: 'मेरे दिन पर वापस', backToText: 'पाठ पर वापस', cannotOpen: 'यह नहीं खुल सकता', cannotReach: 'न्यूज़रूम उत्तर नहीं दे रहा', fault: 'इस पृष्ठ में कुछ गड़बड़ हुई', loadAnew: 'पृष्ठ फिर से लोड करें', nothingAt: 'इस पते पर कुछ नहीं है',
  account: 'आपका खाता', people: 'लोग',

  // Desk
  listDay: 'मेरा दिन', listMine: 'मेरे', listSubmitted: 'भेजे गए', listDrafts: 'मसौदे', listScheduled: 'निर्धारित', listEmbargoed: 'रोक में', listPublished: 'आज प्रकाशित', listWithdrawn: 'वापस लिए गए', listAll: 'सभी लेख',
  group_waiting: 'संपादक की प्रतीक्षा में', group_work: 'काम जारी', group_going: 'प्रकाशित होने वाले', group_published: 'आज प्रकाशित', allOfThem: 'सभी देखें',
  searchFor: 'खोज: {words}', filter: 'छाँटें', noFilter: 'बिना छँटाई', allSections: 'सभी अनुभाग', allStates: 'सभी स्थितियाँ', listedIn: '{ms} मि.से. में सूचीबद्ध',
  articles: { one: '{n} लेख', other: '{n} लेख' }, articlesFirst: { one: 'पहला लेख', other: 'पहले {n} लेख' }, showMore: 'और दिखाएँ',
  colState: 'स्थिति', colHeadline: 'शीर्षक', colSection: 'अनुभाग', colBy: 'लेखक', colIn: 'अभी इसमें', colWords: 'शब्द', colWhen: 'कब',
  untitled: 'बिना शीर्षक', page: 'पृष्ठ', goesOutAs: '{change}', selected: 'चुना हुआ', selectedCount: { one: '{n} चुना गया', other: '{n} चुने गए' }, clearSelection: 'चयन हटाएँ',
  submitThem: { one: '{n} मसौदा भेजें', other: '{n} मसौदे भेजें' }, unscheduleThem: { one: '{n} का निर्धारण हटाएँ', other: '{n} का निर्धारण हटाएँ' },
  whenSaved: '{time} सहेजा', whenSent: '{time} भेजा', whenOut: '{time} प्रकाशन', whenUpdated: '{time} अद्यतन', whenNotBefore: '{time} से पहले नहीं', whenWithdrawn: '{kind} {time}',
  nothingFound: '“{words}” के लिए कुछ नहीं मिला', nothingHere: 'यहाँ कुछ नहीं है', nextOut: 'अगला “{headline}” {time} पर प्रकाशित होगा।', writeOne: 'लेख लिखें',
  draft: 'मसौदा', submitted: 'भेजा गया', scheduled: 'निर्धारित', published: 'प्रकाशित', publishedDraft: 'प्रकाशित, मसौदा', withdrawn: 'वापस लिया गया', embargoed: 'रोक में', onHold: 'क़ानूनी रोक में',
  state_unpublished: 'अप्रकाशित', state_published: 'प्रकाशित', state_withdrawn: 'वापस लिया गया', state_draft: 'मसौदे के साथ', state_submitted: 'भेजा गया', state_scheduled: 'निर्धारित',
  keyMove: 'चलें', keyNext: 'अगला', keyBefore: 'पिछला', keyOpen: 'खोलें', keySelect: 'चुनें', keyReader: 'पाठक की तरह देखें', keySearch: 'खोजें', keyList: 'फिर एक अक्षर: दूसरी सूची', keyAll: 'सभी कुंजियाँ', keysTitle: 'कुंजियाँ',

  // Calendar
  monthBefore: 'पिछला महीना', thisMonth: 'यह महीना', monthAfter: 'अगला महीना', calendarZone: '{zone} का समय', calendarEmpty: 'इन सप्ताहों में कुछ निर्धारित नहीं है।', embargoEnds: 'रोक समाप्त',

  // Editor
  newDraft: 'नया मसौदा', article: 'लेख', body: 'मुख्य पाठ', headline: 'शीर्षक', standfirst: 'उपशीर्षक', bodyPlaceholder: 'लिखें, या खंड के लिए / दबाएँ', fields: 'विवरण',
  saving: 'सहेजा जा रहा है', notSavedYet: 'इस ब्राउज़र में रखा है', notSaved: 'सहेजा नहीं गया', notSavedSince: '{time} से सहेजा नहीं गया', savedAt: '{time} पर सहेजा, संस्करण {version}',
  noConnection: '{time} से संपर्क नहीं है।', noConnectionThen: 'आपका पाठ हर कुंजी पर इस ब्राउज़र में रखा जाता है और संपर्क लौटने पर सहेजा जाएगा।',
  signedOut: 'आप साइन आउट हैं।', signedOutThen: 'आपका पाठ इस ब्राउज़र में रखा है। साइन इन करें, वह सहेज लिया जाएगा।', signIn: 'दूसरे टैब में साइन इन करें', saveRefused: 'यह सहेजा नहीं जा सका:',
  lockedSubmitted: 'यह संपादकों के पास है। आगे लिखने से पहले उनसे इसे लौटाने को कहें।', lockedScheduled: 'यह निर्धारित है। आगे लिखने से पहले किसी संपादक से निर्धारण हटाने को कहें।',
  heldBy: '{name} ने इसे क़ानूनी रोक में रखा है; कोई इसे प्रकाशित नहीं कर सकता।', embargoUntil: '{time} तक रोक में; उससे पहले कोई इसे प्रकाशित नहीं कर सकता।', scheduledFor: 'यह {time} पर प्रकाशित होगा।', scheduledOlder: 'संस्करण {version} प्रकाशित होगा; आप संस्करण {now} देख रहे हैं।', seeSchedule: 'निर्धारण देखें',
  liveEdition: 'प्रकाशन {n} पाठकों के सामने है।', liveBeside: 'प्रकाशन {n} पाठकों के सामने है। यह उसके साथ का मसौदा है।', liveWithdrawn: 'वापस लिया गया: {kind}',
  isHere: '{name} यहाँ हैं', isInParagraph: '{name} अनुच्छेद {n} में हैं', submit: 'भेजें', giveBack: 'लौटाएँ', giveBackWhy: 'क्यों, लेखक के लिए', publishMore: 'प्रकाशित करें…', publishIt: 'प्रकाशित करें',
  wordsCount: { one: '{n} शब्द', other: '{n} शब्द' }, minutesCount: { one: '{n} मिनट', other: '{n} मिनट' }, hintBlock: 'खंड,', hintLink: 'कड़ी,', hintPublish: 'प्रकाशित करें',
  keyBlock: 'ख़ाली पंक्ति पर: खंड', keyLink: 'हमारा कोई लेख खोजें', undo: 'पहले जैसा करें', saveNow: 'अभी सहेजें',
  uploading: '{name} लिया जा रहा है।', mergedWith: 'इस बीच {name} ने सहेजा; दोनों का लिखा मिला दिया गया है।', nowSavedBy: '{name} ने {time} पर सहेजा; आप नया पाठ देख रहे हैं।',
  keptHere: 'इस ब्राउज़र में {time} का पाठ है जो कभी सहेजा नहीं गया।', savedSince: 'सहेजा हुआ पाठ {time} का है, {name} का।', useKept: 'रखा हुआ पाठ लें', seeBoth: 'दोनों देखें', keepSaved: 'इसे फेंक दें', savedText: 'सहेजा हुआ', unsavedText: 'इस ब्राउज़र में रखा', notThere: 'नहीं है', fieldsDiffer: 'केवल पाठ के साथ के विवरण अलग हैं।',
  whatItIs: 'यह क्या है', choose: 'चुनें', label: 'प्रकार', language: 'भाषा', languageHint: 'टैग, जैसे en, hi या ar', byAndPlace: 'लेखक और स्थान', byline: 'लेखक', place: 'स्थान', agency: 'एजेंसी', topics: 'विषय',
  address: 'पता', fixedSince: '{time} से स्थिर', addressLater: 'मसौदा सहेजने पर दिखेगा।', slug: 'पते का अंतिम भाग', slugHint: 'ख़ाली हो तो शीर्षक से बनता है।',
  copySource: 'स्रोत', own: 'हमारा अपना', source_agency: 'एजेंसी', source_item: 'उसका क्रमांक', source_terms: 'उपयोग की शर्तें', picture: 'तस्वीर', complete: 'पूरी', lacking: 'कुछ कमी है', goToPicture: 'तस्वीर पर जाएँ', more: 'और', history: 'इतिहास', seeAsReader: 'पाठक की तरह देखें', scheduleMore: 'निर्धारित करें…', withdrawMore: 'वापस लें…', restoreMore: 'फिर से लाएँ…',
  removeName: '{name} हटाएँ', makePerson: 'व्यक्ति “{name}” बनाएँ', asAgency: '“{name}” एजेंसी के रूप में', makeTopic: '“{name}” बनाएँ: {kind}', topic_subject: 'विषय', topic_organisation: 'संस्था', topic_place: 'स्थान', topic_person: 'व्यक्ति', persons: 'व्यक्ति', personUnknown: 'ऐसा व्यक्ति जो यहाँ नहीं है',
  leadAdd: 'ऊपर तस्वीर लगाएँ', leadHow: 'यहाँ छोड़ें, चिपकाएँ, या फ़ाइल चुनें।', alt: 'वैकल्पिक पाठ', altHint: 'जो देख नहीं सकता उसे क्या जानना चाहिए। चित्र-परिचय दोबारा नहीं।', caption: 'चित्र-परिचय', credit: 'श्रेय', replacePicture: 'बदलें', removePicture: 'हटाएँ',
  label_news: 'समाचार', label_analysis: 'विश्लेषण', label_opinion: 'विचार', label_review: 'समीक्षा', label_obituary: 'स्मृति-लेख', label_interview: 'साक्षात्कार', label_explainer: 'व्याख्या', label_paid: 'प्रायोजित',

  // Blocks and marks
  blocks: 'खंड', blockHeading: 'उपशीर्ष', blockSubheading: 'छोटा उपशीर्ष', blockPicture: 'तस्वीर', blockGallery: 'चित्र-माला', blockQuote: 'वक्ता सहित उद्धरण', blockPullQuote: 'उभारा गया उद्धरण', blockBullets: 'सूची', blockNumbers: 'क्रमांकित सूची', blockTable: 'तालिका', blockFacts: 'तथ्य-पेटी', blockEmbed: 'बाहरी सामग्री', blockRule: 'विराम-रेखा', blockCode: 'जैसा है वैसा पाठ',
  removeBlock: 'हटाएँ', addPictures: 'तस्वीरें जोड़ें', speaker: 'वक्ता', speakerRole: 'वे कौन हैं', factTitle: 'शीर्षक', embedTitle: 'इसमें क्या है', embedWaits: 'पाठक जब तक न माँगें, केवल पता दिखता है।', embedAddress: 'बाहरी सामग्री का पता', embedHint: 'यहाँ से: {providers}', embedRefused: 'वहाँ से कुछ नहीं लिया जाता। यहाँ से लिया जा सकता है: {providers}',
  tableRow: 'पंक्ति जोड़ें', tableColumn: 'स्तंभ जोड़ें', tableNoRow: 'पंक्ति हटाएँ', tableNoColumn: 'स्तंभ हटाएँ', tableHead: 'पहली पंक्ति शीर्ष है', ourArticles: 'हमारे लेख',
  tools: 'चुने हुए शब्द', markStrong: 'गाढ़ा', markEm: 'तिरछा', markStrike: 'काटा हुआ', markSub: 'नीचे लिखा', markSup: 'ऊपर लिखा', markLink: 'कड़ी', markLang: 'भाषा', linkAddress: 'पता; ख़ाली हो तो कड़ी हटेगी', linkWrong: 'यह पता नहीं है', langTag: 'भाषा का टैग, जैसे en', langWrong: 'यह भाषा का टैग नहीं है',
  provider_apple_podcasts: 'Apple Podcasts', provider_archive: 'Internet Archive', provider_bluesky: 'Bluesky', provider_dailymotion: 'Dailymotion', provider_datawrapper: 'Datawrapper', provider_documentcloud: 'DocumentCloud', provider_facebook: 'Facebook', provider_flourish: 'Flourish', provider_google_maps: 'Google Maps', provider_instagram: 'Instagram', provider_openstreetmap: 'OpenStreetMap', provider_soundcloud: 'SoundCloud', provider_spotify: 'Spotify', provider_ted: 'TED', provider_tiktok: 'TikTok', provider_vimeo: 'Vimeo', provider_x: 'X', provider_youtube: 'YouTube',

  // Conflict
  conflictOne: 'आपने और {name} ने {place} बदला', conflictMany: 'आपने और {name} ने {n} जगहें बदलीं', nothingLost: 'कुछ खोया नहीं है।', mergedAlready: { one: 'एक बदलाव, जो केवल एक ने किया, मिला दिया गया है।', other: '{n} बदलाव, जो केवल एक-एक ने किए, मिला दिए गए हैं।' }, chooseBoth: 'जहाँ दोनों ने बदला, वहाँ चुनें।',
  paragraphN: 'अनुच्छेद {n}', yoursUnsaved: 'आपका, अभी सहेजा नहीं', theirsSaved: '{name} का, {time} पर सहेजा, संस्करण {version}', takenOut: 'हटाया गया', pick_mine: 'मेरा', pick_theirs: '{name} का', pick_both: 'दोनों रखें, एक के बाद एक', pick_anew: 'नया लिखें',
  mergedCounts: 'मिलाए गए: आपके {mine}, {name} के {theirs}।', saveOn: 'संस्करण {version} के रूप में सहेजें', keepSeparate: 'मेरा अलग मसौदे में रखें', copyOf: '{headline} (प्रति)',
  field_section: 'अनुभाग', field_label: 'प्रकार', field_headline: 'शीर्षक', field_standfirst: 'उपशीर्षक', field_dateline: 'स्थान', field_dateline_place: 'स्थान', field_dateline_agency: 'एजेंसी', field_source: 'स्रोत', field_source_agency: 'स्रोत', field_source_item: 'स्रोत का क्रमांक', field_source_terms: 'उपयोग की शर्तें', field_lead: 'तस्वीर', field_lead_picture: 'तस्वीर', field_lead_alt: 'वैकल्पिक पाठ', field_lead_caption: 'चित्र-परिचय', field_lead_credit: 'तस्वीर का श्रेय', field_language: 'भाषा', field_slug: 'पते का अंतिम भाग', field_byline: 'लेखक', field_topics: 'विषय',

  // Publish
  publishEdition: 'प्रकाशन {n} निकालें', liveSince: 'प्रकाशन {n} {time} से पाठकों के सामने है।', whatKind: 'यह किस तरह का बदलाव है?', whatWillChange: 'क्या बदलेगा', added: 'जोड़ा गया', removed: 'हटाया गया', nothingDiffers: 'पाठकों के पास जो है उससे कुछ अलग नहीं।',
  change_first: 'पहला प्रकाशन', change_imported: 'आयातित', change_minor: 'मामूली', change_update: 'अद्यतन', change_correction: 'सुधार', change_clarification: 'स्पष्टीकरण', change_retraction: 'खंडन',
  means_minor: 'वर्तनी, ख़ाली जगह, अल्पविराम। समय नहीं बदलता, वाक्य नहीं चाहिए।', means_update: 'ख़बर आगे बढ़ी। “अद्यतन” का समय बदलता है।', means_correction: 'कुछ ग़लत था। ऊपर, नीचे और सुधारों की सूची में लिखा जाता है।', means_clarification: 'सही था, पर ग़लत समझा जा सकता था।', means_retraction: 'यह सही नहीं ठहरता। पाठ सूचना के नीचे रहता है।',
  notMinor: 'यह मामूली नहीं लगता।', doubt_number: 'एक संख्या बदली, {before} से {after}।', doubt_name: 'एक नाम बदला, {before} से {after}।', doubt_quotation: 'एक उद्धरण बदला, “{before}” से “{after}”।', doubt_headline: 'शीर्षक बदला, “{before}” से “{after}”।', minorStill: 'फिर भी मामूली के रूप में प्रकाशित करने के लिए दोबारा दबाएँ: पाठकों को न कारण दिखेगा, न नया समय।', publishMinorStill: 'फिर भी मामूली के रूप में प्रकाशित करें',
  ask_update: 'पाठकों को बताएँ कि नया क्या है', ask_correction: 'पाठकों को बताएँ कि क्या ग़लत था', ask_clarification: 'पाठकों को बताएँ कि आशय क्या है', ask_retraction: 'पाठकों को बताएँ कि यह क्यों नहीं ठहरता',
  noteHint_update: 'एक वाक्य; Enter से प्रकाशित होगा।', noteHint_correction: 'पहले सही बात कहें, फिर जो ग़लत था। Enter से प्रकाशित होगा।', noteHint_clarification: 'एक वाक्य; Enter से प्रकाशित होगा।', noteHint_retraction: 'एक वाक्य; Enter से प्रकाशित होगा।', noteCorrection: '{changed} पहले के प्रकाशन में “{was}” लिखा था।', characters: { one: '{n} अक्षर।', other: '{n} अक्षर।' },
  asReaders: 'पाठक इसे ऐसे देखेंगे', updated: 'अद्यतन', whenYouPress: 'जब आप प्रकाशित करेंगे', firstPublished: 'पहली बार प्रकाशित', willStandAt: 'इसका पता होगा', checks: 'जाँच', goThere: 'वहाँ जाएँ',
  checkNoHeadline: 'शीर्षक नहीं है।', checkLongHeadline: 'शीर्षक में {n} अक्षर हैं; फ़ोन पर 70 तक ठीक पढ़े जाते हैं।', checkHeadline: 'शीर्षक की लंबाई ठीक है', checkNoSection: 'अनुभाग नहीं है।', checkLeadAlt: 'ऊपर की तस्वीर का वैकल्पिक पाठ नहीं है।', checkLeadCredit: 'ऊपर की तस्वीर का श्रेय नहीं है।', checkPictures: { one: 'पाठ की एक तस्वीर का वैकल्पिक पाठ नहीं है।', other: 'पाठ की {n} तस्वीरों का वैकल्पिक पाठ नहीं है।' }, checkPicturesGood: 'तस्वीरों के वैकल्पिक पाठ और श्रेय हैं', checkNoByline: 'लेखक का नाम नहीं है।',
  publishNow: 'अभी प्रकाशित करें', publishKind: '{change} अभी प्रकाशित करें', chooseKind: 'बदलाव का प्रकार चुनें', sameBlocks: { one: '{n} अनुच्छेद वैसा ही है', other: '{n} अनुच्छेद वैसे ही हैं' }, detailDiffers: 'कोई शब्द अलग नहीं: बल, कड़ियाँ या तस्वीर के शब्द अलग हैं।', field: 'विवरण',

  // Schedule
  whenOutTitle: 'इसे कब प्रकाशित होना है?', dayAndTime: '{zone} का दिन और समय', day: 'दिन', time: 'समय', noSuchTime: 'उस दिन {time} नहीं आता: घड़ियाँ उससे आगे कर दी जाती हैं।', isPast: 'वह बीत चुका है। आने वाला समय चुनें।', twice: 'उस दिन {time} दो बार आता है, क्योंकि घड़ियाँ पीछे की जाती हैं। कौन-सा?',
  embargoIfAny: 'इससे पहले नहीं (रोक), यदि हो', embargoDay: 'रोक: दिन', embargoTime: 'रोक: समय', embargoHint: 'इससे पहले कोई किसी तरह इसे प्रकाशित नहीं कर सकता; केवल प्रमुख, कारण देकर, इसे घटा सकते हैं।', embargoReason: 'रोक क्यों घटाई जा रही है', chiefOnly: 'रोक केवल प्रमुख घटा सकते हैं।', insideEmbargo: 'वह रोक के भीतर है।', scheduleForEnd: '{time} के लिए निर्धारित करें',
  goesOut: '{day} को {time} पर प्रकाशित होगा, {until} में।', lessThanAMinute: 'एक मिनट से कम', youAreIn: 'आप {zone} में हैं; आपकी घड़ी में {day} को {time} होगा।', goesOutKind: 'प्रकार: {change}।', staysLive: 'तब तक प्रकाशन {n} पाठकों के सामने रहेगा।', whatGoesOut: 'संस्करण {version}, जैसा अभी सहेजा है, प्रकाशित होगा; बाद में कुछ भी सहेजा जाए।', kindFirst: 'यह लेख पाठकों के पास है। पहले बताएँ:', takeOff: 'निर्धारण हटाएँ', scheduleFor: '{day}, {time} के लिए निर्धारित करें', scheduleIt: 'निर्धारित करें',

  // Receipt
  editionOut: 'प्रकाशन {n} निकल गया', isWithdrawn: 'यह वापस ले लिया गया', isBack: 'यह वापस आ गया', actDone: 'हो गया', receiptFills: 'अब तक {m} में से {n} पते इसे दिखा रहे हैं।', receiptSum: '{m} में से {n} पते इसे दिखा रहे हैं, होने के {ms} मि.से. बाद।', receiptGone: '{m} में से {n} पते इसे अब नहीं दिखाते, होने के {ms} मि.से. बाद।', recordEntry: 'अभिलेख प्रविष्टि {n}।', confirmed: 'पुष्ट पते', ofMany: '{m} में से {n}',
  receiptLost: 'पते पूछते समय संपर्क टूट गया। काम फिर भी हो चुका है।', receiptCaption: 'हर पता जिसे बदलना था', what: 'क्या', answer: 'उत्तर', after: 'कितनी देर में', ms: '{n} मि.से.', askedWaiting: 'पूछा, प्रतीक्षा है', showsEdition: 'प्रकाशन {n} दिखाता है', showsNoMore: 'अब नहीं दिखाता', showsIt: 'दिखाता है', notConfirmed: 'पुष्टि नहीं हुई।', notAllConfirmed: 'हर पते की पुष्टि नहीं हुई। काम अभिलेख में है और साइट उसके पीछे चलती है; थोड़ी देर में फिर पूछें, और ऐसा ही रहे तो मशीन की देखभाल करने वाले को बताएँ।', askAgain: 'फिर पूछें',
  what_article: 'लेख', what_home: 'मुखपृष्ठ', what_section: 'अनुभाग', what_story: 'कथा', what_topic: 'विषय', what_person: 'व्यक्ति', what_day: 'दिन', what_feed: 'फ़ीड', what_sitemap: 'साइटमैप', what_history: 'इतिहास', what_search: 'खोज', what_corrections: 'सुधार', what_tombstone: 'सूचना', what_publication: 'पत्र', what_redirect: 'पुराना पता', what_archive: 'पुरालेख', what_page: 'पृष्ठ',

  // Withdraw
  withdrawTitle: 'यह लेख वापस लें?', whyDown: 'यह क्यों हटाया जा रहा है?', withdrawal_killed: 'रद्द', withdrawal_legal: 'क़ानून से', withdrawal_expired: 'अवधि समाप्त', withdrawal_merged: 'मिलाया गया', downMeans_killed: 'इसे नहीं रहना चाहिए था। इसका पता आपके कारण के साथ 410 देगा।', downMeans_expired: 'समझौते के अनुसार इसका समय पूरा हुआ। इसका पता 410 देगा।', downMeans_merged: 'दूसरा लेख इसकी जगह लेता है। इसका पता वहाँ ले जाएगा।', downMeans_legal: 'अदालत या क़ानून की माँग है। न शीर्षक, न नाम, न कारण छपता है, जब तक आप न लिखें।',
  reasonReaders: 'कारण, पाठकों के लिए', reasonHint: 'एक वाक्य; लेख की जगह छपता है।', reasonLegal: 'जैसा आप लिखें वैसा छपता है। ख़ाली छोड़ें तो केवल इतना कि लेख अब उपलब्ध नहीं है।', reasonColleagues: 'कारण, सहकर्मियों के लिए', whatChanges: 'क्या बदलेगा', answersGone: '{address} सूचना के साथ 410 देगा।', answersMerged: '{address} दूसरे लेख पर ले जाएगा।', placesCount: { one: '{n} पता बदलेगा।', other: '{n} पते बदलेंगे, और वे भी जो केवल इसका उल्लेख करते हैं।' }, keepItUp: 'रहने दें', withdrawNow: 'अभी वापस लें', mergedInto: 'इसकी जगह लेने वाला लेख', chooseOther: 'दूसरा चुनें', notPublished: 'केवल प्रकाशित लेख वापस लिया जाता है।',
  restoreTitle: 'यह लेख फिर से लाएँ?', restoreMeans: 'प्रकाशन {n} अपने इतिहास के साथ {address} पर फिर दिखेगा।', restoreNow: 'अभी फिर से लाएँ',

  // History
  everything: 'जो कुछ हुआ', textSaved: 'पाठ', editionPublished: 'प्रकाशन {n} निकला', versionN: 'संस्करण {n}', editionN: 'प्रकाशन {n}', compared: 'तुलना में', pair: '{from} से {to} तक', differBlocks: { one: '{n} अनुच्छेद अलग है।', other: '{n} अनुच्छेद अलग हैं।' }, differFields: { one: '{n} विवरण अलग है।', other: '{n} विवरण अलग हैं।' }, addedSince: '{side} के बाद जोड़ा गया', takenOutSince: 'हटाया गया', restoreAsDraft: '{side} को नए मसौदे के रूप में लें', readersHistory: 'पाठक क्या देख सकते हैं', showOlder: 'और पुराना दिखाएँ',
  act_submit: 'भेजा गया', act_return: 'लौटाया गया', act_schedule: 'निर्धारित', act_unschedule: 'निर्धारण हटा', act_embargo: 'रोक लगी', act_lift_embargo: 'रोक हटी', act_hold: 'क़ानूनी रोक', act_lift_hold: 'क़ानूनी रोक हटी', act_withdraw: 'वापस लिया गया', act_withdraw_legal: 'क़ानून से वापस लिया गया', act_restore: 'फिर लाया गया', act_restore_legal: 'फिर लाया गया', act_move_address: 'पता बदला', role_reporter: 'संवाददाता', role_editor: 'संपादक', role_chief: 'प्रमुख',
}
