package storetest

import (
	"fmt"
	"reflect"
	"time"
)

// given and want make a T with every field set, so that a field that a store
// forgets is found out. Times are given to the nanosecond and in a zone of their
// own, and wanted as they are kept: to the millisecond, in UTC.
func given[T any]() T { return sample[T](func(t time.Time) time.Time { return t }) }

func want[T any]() T {
	return sample[T](func(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) })
}

func sample[T any](at func(time.Time) time.Time) T {
	var v T
	s := sampler{at: at}
	s.fill(reflect.ValueOf(&v).Elem())
	return v
}

type sampler struct {
	n  int
	at func(time.Time) time.Time
}

var began = time.Date(2025, 3, 1, 9, 30, 0, 123456789, time.FixedZone("somewhere", 5*3600+1800))

func (s *sampler) fill(v reflect.Value) {
	s.n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(s.at(began.Add(time.Duration(s.n) * time.Hour))))
		return
	case []byte:
		v.SetBytes(fmt.Appendf(nil, `{"n":%d,"quote":"it's \u00fc?"}`, s.n))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("Ünit '%d' ?0 \\ \"%%_", s.n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(s.n))
	case reflect.Float64:
		v.SetFloat(float64(s.n) + 0.25)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			s.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			s.fill(key)
			s.fill(value)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			s.fill(v.Field(i))
		}
	default:
		panic("no sample of " + v.Type().String())
	}
}
