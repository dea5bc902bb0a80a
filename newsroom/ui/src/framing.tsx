// What of a picture matters: its focal point, and the crops that placements show.
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { smallAddress, type Crop, type Picture, type Placement } from './api'
import { number, of, t } from './words'

export const placements: Placement[] = ['lead', 'card', 'social', 'square']
const ratios: Record<Placement, number> = { lead: 0, card: 16 / 9, social: 1.91, square: 1 }

const between = (n: number, least: number, most: number): number => Math.min(Math.max(n, least), most)

/** What a placement shows, as the newsroom reckons it. */
export function cropOf(p: Picture, place: Placement): Crop {
  const made = p.crops?.[place]
  if (made) return made
  const ratio = ratios[place]
  let { width, height } = p
  if (ratio && width > ratio * height) width = Math.max(1, Math.round(ratio * height))
  else if (ratio) height = Math.max(1, Math.round(width / ratio))
  const focal = p.focal ?? { x: p.width / 2, y: p.height / 2 }
  return { width, height, x: between(Math.floor(focal.x - width / 2), 0, p.width - width), y: between(Math.floor(focal.y - height / 2), 0, p.height - height) }
}

/** A crop of another size around the same middle, in the placement's shape. */
function sized(p: Picture, place: Placement, c: Crop, share: number, tall = share): Crop {
  const ratio = ratios[place]
  const whole = cropOf({ ...p, crops: undefined }, place)
  const width = Math.round(between(whole.width * share, 16, whole.width))
  const height = ratio ? between(Math.round(width / ratio), 16, whole.height) : Math.round(between(whole.height * tall, 16, whole.height))
  return { width, height, x: Math.round(between(c.x + (c.width - width) / 2, 0, p.width - width)), y: Math.round(between(c.y + (c.height - height) / 2, 0, p.height - height)) }
}

const percent = (n: number): string => `${100 * n}%`

interface Uses { picture: Picture, change: (part: Partial<Picture>) => void, on?: Placement, choose: (place?: Placement) => void }

/** The picture with the ring of its focal point or, while a crop is made, with the crop's frame. Both are moved by pointer and arrow keys. */
export function Framing({ picture: p, change, on, choose }: Uses): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const grip = useRef<{ x: number, y: number }>({ x: 0, y: 0 })
  const crop = on && cropOf(p, on)
  const moveTo = (x: number, y: number): void => {
    if (!on || !crop) return change({ focal: { x: Math.round(between(x, 0, p.width - 1)), y: Math.round(between(y, 0, p.height - 1)) } })
    change({ crops: { ...p.crops, [on]: { ...crop, x: Math.round(between(x, 0, p.width - crop.width)), y: Math.round(between(y, 0, p.height - crop.height)) } } })
  }
  const focal = p.focal ?? { x: Math.round(p.width / 2), y: Math.round(p.height / 2) }
  const at = (e: PointerEvent): { x: number, y: number } => {
    const r = box.current!.getBoundingClientRect()
    return { x: (e.clientX - r.left) / r.width * p.width, y: (e.clientY - r.top) / r.height * p.height }
  }
  const handle = {
    onPointerDown: (e: PointerEvent) => {
      if (e.button !== 0) return
      const point = at(e)
      box.current!.setPointerCapture(e.pointerId)
      grip.current = crop ? { x: point.x - crop.x, y: point.y - crop.y } : { x: 0, y: 0 }
      if (crop && (grip.current.x < 0 || grip.current.y < 0 || grip.current.x > crop.width || grip.current.y > crop.height)) grip.current = { x: crop.width / 2, y: crop.height / 2 }
      moveTo(point.x - grip.current.x, point.y - grip.current.y)
    },
    onPointerMove: (e: PointerEvent) => {
      if (!box.current!.hasPointerCapture(e.pointerId)) return
      const point = at(e)
      moveTo(point.x - grip.current.x, point.y - grip.current.y)
    },
  }
  const onKeyDown = (e: KeyboardEvent): void => {
    const step = (e.shiftKey ? 0.1 : 0.01) * Math.max(p.width, p.height)
    const by: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }
    const d = by[e.key]
    if (!d) return
    e.preventDefault()
    moveTo((crop?.x ?? focal.x) + d[0], (crop?.y ?? focal.y) + d[1])
  }
  const where = { x: number(Math.round(100 * focal.x / p.width)), y: number(Math.round(100 * focal.y / p.height)) }
  return (
    <div>
      <div class="focal" dir="ltr" ref={box} {...handle} style={{ aspectRatio: `${p.width} / ${p.height}` }}>
        <img src={smallAddress(p.id, true)} width={p.width} height={p.height} alt={p.alt ?? ''} draggable={false} />
        {crop
          ? <button type="button" class="frame" aria-label={t('cropFrame', { place: of('place', on) })} onKeyDown={onKeyDown}
              style={{ left: percent(crop.x / p.width), top: percent(crop.y / p.height), width: percent(crop.width / p.width), height: percent(crop.height / p.height) }} />
          : <button type="button" class="ring" aria-label={t('focalPoint', where)} onKeyDown={onKeyDown} style={{ left: percent(focal.x / p.width), top: percent(focal.y / p.height) }} />}
      </div>
      {crop
        ? <div class="cropping">
            <label class="pair">{ratios[on] ? t('cropSize') : t('cropWidth')} <input type="range" min="5" max="100" value={Math.round(100 * crop.width / cropOf({ ...p, crops: undefined }, on).width)}
              onInput={(e) => change({ crops: { ...p.crops, [on]: sized(p, on, crop, Number(e.currentTarget.value) / 100, crop.height / p.height) } })} /></label>
            {!ratios[on] && <label class="pair">{t('cropHeight')} <input type="range" min="5" max="100" value={Math.round(100 * crop.height / p.height)}
              onInput={(e) => change({ crops: { ...p.crops, [on]: sized(p, on, crop, crop.width / p.width, Number(e.currentTarget.value) / 100) } })} /></label>}
            <button class="b" type="button" onClick={() => choose()}>{t('cropDone')}</button>
            <button class="b bare" type="button" onClick={() => { const { [on]: _, ...rest } = p.crops ?? {}; change({ crops: rest }); choose() }}>{t('cropFollow')}</button>
          </div>
        : <p class="dim small">{t('focalHow')}</p>}
      <div class="crops">{placements.map((place) => {
        const c = cropOf(p, place)
        return (
          <figure key={place}>
            <button type="button" class={'cropped' + (on === place ? ' on' : '')} aria-pressed={on === place} aria-label={t('cropMake', { place: of('place', place) })} dir="ltr"
              style={{ width: `${7 * Math.min(c.width / c.height, 2.2)}rem`, aspectRatio: `${c.width} / ${c.height}` }} onClick={() => choose(on === place ? undefined : place)}>
              <img src={smallAddress(p.id, true)} alt="" draggable={false}
                style={{ width: percent(p.width / c.width), left: percent(-c.x / c.width), top: percent(-c.y / c.height) }} />
            </button>
            <figcaption>{of('place', place)}{p.crops?.[place] && <span class="dim">, {t('cropByHand')}</span>}</figcaption>
          </figure>
        )
      })}</div>
    </div>
  )
}
