/**
 * The words of the view with the figures, in every language, in one chunk with it: few people open it, and they alone pay for
 * it. One word after the other, in the order of `TERMS`.
 */
import { tableFor } from '../../locales/tables.js';
import type { TableName } from '../../locales/tables.js';

/** What the words mean, in order. The last six say what spoils a call. */
export const TERMS = [
  'received',
  'sent',
  'voice',
  'picture',
  'screen',
  'codec',
  'size',
  'frames',
  'data',
  'loss',
  'jitter',
  'frozen',
  'limitedBy',
  'roundTrip',
  'path',
  'available',
  'score',
  'direct',
  'relayed',
  'none',
  'bandwidth',
  'cpu',
  'other',
  'why-loss',
  'why-jitter',
  'why-delay',
  'why-bandwidth',
  'why-freezes',
  'why-cpu',
] as const;

/** The words in one language. */
export type Terms = Readonly<Record<(typeof TERMS)[number], string>>;

/** The words as they stand. */
export const TEXTS: Readonly<Record<TableName, string>> = {
  en: 'Received|Sent|Voice|Picture|Screen|Codec|Resolution|Frames per second|Bitrate|Loss|Jitter|Standing still|Limited by|Round trip|Path|Free to send|Voice score (1 to 4.5)|direct|relayed|nothing|bandwidth|processor|something else|Packets are lost on the way.|Packets arrive unevenly.|The way between you is long.|There is too little bandwidth for a better picture.|The picture stands still at times.|This device is too busy for a better picture.',
  zh: '接收|发送|语音|画面|屏幕|编解码器|分辨率|每秒帧数|码率|丢包|抖动|卡顿|受限于|往返时间|路径|可用上行|语音评分（1 至 4.5）|直连|中继|无|带宽|处理器|其他|部分数据包在途中丢失。|数据包到达不均匀。|你们之间的延迟较高。|带宽不足，画面无法更清晰。|画面有时会卡住。|此设备太忙，画面无法更清晰。',
  'zh-hant':
    '接收|傳送|語音|畫面|螢幕|編解碼器|解析度|每秒影格數|位元率|遺失|抖動|停頓|受限於|往返時間|路徑|可用上傳|語音評分（1 至 4.5）|直接|中繼|無|頻寬|處理器|其他|部分封包在途中遺失。|封包抵達不均勻。|你們之間的延遲較高。|頻寬不足，畫面無法更清晰。|畫面有時會停住。|此裝置太忙，畫面無法更清晰。',
  es: 'Recibido|Enviado|Voz|Imagen|Pantalla|Códec|Resolución|Fotogramas por segundo|Tasa de bits|Pérdida|Fluctuación|Congelada|Limitado por|Ida y vuelta|Camino|Se puede enviar|Nota de la voz (1 a 4,5)|directo|retransmitido|nada|ancho de banda|procesador|otra causa|Se pierden paquetes por el camino.|Los paquetes llegan de forma irregular.|El camino entre los dos es largo.|Falta ancho de banda para una imagen mejor.|La imagen se congela a veces.|Este dispositivo está demasiado ocupado para dar mejor imagen.',
  fr: 'Reçu|Envoyé|Voix|Image|Écran|Codec utilisé|Définition|Images par seconde|Débit|Perte|Gigue|Image figée|Limité par|Aller-retour|Chemin|Débit possible|Note de la voix (1 à 4,5)|direct, sans relais|relayé|rien|bande passante|processeur|autre chose|Des paquets se perdent en route.|Les paquets arrivent irrégulièrement.|Le chemin entre vous est long.|La bande passante ne suffit pas pour une meilleure image.|L’image se fige par moments.|Cet appareil est trop occupé pour une meilleure image.',
  de: 'Empfangen|Gesendet|Stimme|Bild|Bildschirm|Kodierung|Auflösung|Bilder pro Sekunde|Bitrate|Verlust|Schwankung|Stillstand|Begrenzt durch|Hin und zurück|Weg|Sendbar|Note der Stimme (1 bis 4,5)|direkt|über Relais|nichts|Bandbreite|Prozessor|etwas anderes|Unterwegs gehen Pakete verloren.|Pakete kommen ungleichmäßig an.|Der Weg zwischen euch ist lang.|Für ein besseres Bild fehlt Bandbreite.|Das Bild steht manchmal still.|Dieses Gerät ist für ein besseres Bild zu beschäftigt.',
  pt: 'Recebido|Enviado|Voz|Imagem|Tela|Codec usado|Resolução|Quadros por segundo|Taxa de bits|Perda|Variação|Parada|Limitado por|Ida e volta|Caminho|Pode ser enviado|Nota da voz (1 a 4,5)|direto|retransmitido|nada|largura de banda|processador|outra causa|Pacotes se perdem no caminho.|Os pacotes chegam de forma irregular.|O caminho entre vocês é longo.|Falta largura de banda para uma imagem melhor.|A imagem para às vezes.|Este dispositivo está ocupado demais para uma imagem melhor.',
  ja: '受信|送信|音声|映像|画面|コーデック|解像度|毎秒フレーム数|ビットレート|損失|ゆらぎ|停止|制限の原因|往復時間|経路|送信可能な速度|音声の評価（1～4.5）|直接|中継|なし|帯域|処理能力|その他|途中でパケットが失われています。|パケットの到着が不規則です。|相手までの遅延が大きくなっています。|帯域が足りず、映像の質を上げられません。|映像がときどき止まります。|端末の負荷が高く、映像の質を上げられません。',
  ko: '받음|보냄|음성|영상|화면|코덱|해상도|초당 프레임|비트 전송률|손실|지터|멈춤|제한 요인|왕복 시간|경로|보낼 수 있는 속도|음성 점수(1~4.5)|직접|중계|없음|대역폭|프로세서|기타|전송 중에 패킷이 손실됩니다.|패킷이 고르지 않게 도착합니다.|상대방과의 지연이 깁니다.|대역폭이 부족해 더 좋은 영상을 보낼 수 없습니다.|영상이 가끔 멈춥니다.|기기가 너무 바빠 더 좋은 영상을 보낼 수 없습니다.',
  ar: 'المستلَم|المرسَل|الصوت|الصورة|الشاشة|الترميز|الدقة|إطارات في الثانية|معدل البت|الفقدان|التذبذب|التوقف|يحدّه|ذهابًا وإيابًا|المسار|يمكن إرساله|تقييم الصوت (1 إلى 4.5)|مباشر|عبر وسيط|لا شيء|عرض النطاق|المعالج|سبب آخر|تضيع حزم في الطريق.|تصل الحزم بغير انتظام.|الطريق بينكما طويل.|عرض النطاق لا يكفي لصورة أفضل.|تتوقف الصورة أحيانًا.|هذا الجهاز مشغول جدًا عن صورة أفضل.',
  he: 'התקבל|נשלח|קול|תמונה|מסך|קידוד|רזולוציה|תמונות בשנייה|קצב נתונים|אובדן|ריצוד|קפיאה|מוגבל בגלל|הלוך ושוב|נתיב|ניתן לשלוח|ציון הקול (1 עד 4.5)|ישיר|דרך ממסר|כלום|רוחב פס|מעבד|סיבה אחרת|מנות אובדות בדרך.|מנות מגיעות באופן לא סדיר.|הדרך ביניכם ארוכה.|אין די רוחב פס לתמונה טובה יותר.|התמונה קופאת לפעמים.|המכשיר עמוס מכדי לתת תמונה טובה יותר.',
};

/** The words in the language of a BCP 47 tag. */
export function termsIn(lang: string): Terms {
  const texts = TEXTS[tableFor(lang)].split('|');
  return Object.fromEntries(TERMS.map((term, at) => [term, texts[at]])) as Terms;
}
