package render

import (
	"time"
)

// CityWeather is a city of the strip with what is known of its weather.
type CityWeather struct {
	Slug  string // none for the paper's own city
	Name  Name
	Now   *Weather  // nil: not a word about it
	Ahead []Weather // the next first
}

// ForecastPage is the weather of the paper's cities, from which a reader chooses the strip's.
type ForecastPage struct {
	Frame  Frame
	Cities []CityWeather // the paper's own first
}

// Forecast writes the weather of the paper's cities. Without a script its buttons are not there, and the strip keeps the
// paper's own city.
func (r *Renderer) Forecast(p *ForecastPage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: s.c.Forecast, style: &r.whole, noIndex: true})
	s.body(nil)
	s.pageTitle(Name{Text: s.c.Forecast})
	for i := range p.Cities {
		s.cityWeather(i, &p.Cities[i])
	}
	return s.end()
}

func (s *sheet) cityWeather(n int, c *CityWeather) {
	s.band(func() { s.lit("c"); s.number(n) }, func() { s.name(c.Name) })
	s.lit("<div class=\"rows\"><div class=\"row\"><div>")
	if c.Now == nil {
		s.element("p", "", s.c.NoForecast)
	} else {
		s.element("h3", "", s.weatherWords(c.Now))
	}
	if len(c.Ahead) > 0 {
		s.lit("<ul class=\"since\">")
		for i := range c.Ahead {
			s.lit("<li>")
			s.aheadLine(&c.Ahead[i])
			s.lit("</li>")
		}
		s.lit("</ul>")
	}
	s.lit("<p><button class=\"choose\" type=\"button\" hidden")
	s.attr("data-city", c.Slug)
	s.lit(">")
	s.text(s.c.ShowCity)
	s.lit("</button></p></div></div></div></section>\n")
}

// aheadLine is one hour of a forecast, with its day where that is not today.
func (s *sheet) aheadLine(w *Weather) {
	at := s.local(w.At)
	words := at.Format("15:04")
	if y, m, d := at.Date(); time.Date(y, m, d, 0, 0, 0, 0, at.Location()).After(s.today) {
		words = s.c.Weekdays[at.Weekday()] + s.c.Comma + words
	}
	s.timeElement(at, time.RFC3339, words)
	s.lit(" ")
	condition := s.c.Conditions[w.Condition]
	s.text(put(s.c.WeatherAhead, "degrees", degrees(w.Celsius), "condition", condition))
}

// City writes what stands in the strip for a city that a reader chose: its name, which leads to the forecasts, and its
// weather.
func (r *Renderer) City(f *Frame, c *CityWeather) []byte {
	s := r.sheet(f)
	s.sky(c.Name, c.Now)
	return s.page()
}
