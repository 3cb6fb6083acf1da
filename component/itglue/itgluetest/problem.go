package itgluetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// object is a JSON object.
type object map[string]any

// encode prints JSON as the service does, with < and > as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("itgluetest: an answer cannot be encoded: %v", err))
	}
	return bytes.TrimSpace(b.Bytes())
}

func jsonAPI() http.Header { return http.Header{"Content-Type": {"application/vnd.api+json"}} }

// problem is one error of an answer. Status is a number or a word, and Detail a
// text, a list or missing: the service has all of these.
type problem struct {
	Status any     `json:"status"`
	Title  string  `json:"title"`
	Detail any     `json:"detail,omitempty"`
	Source *source `json:"source,omitempty"`
}

type source struct {
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
}

func problems(status int, all ...problem) reply {
	return reply{status: status, header: jsonAPI(), body: encode(object{"errors": all})}
}

// gatewayReply is an answer of the gateway before the service.
func gatewayReply(status int, message string) reply {
	return reply{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: encode(object{"message": message})}
}

func notFound() reply {
	return problems(404, problem{Status: 404, Title: "Not Found", Detail: "Record not found", Source: &source{Pointer: "id"}})
}

func unauthorized() reply {
	return problems(401, problem{Status: 401, Title: "Unauthorized", Detail: "Unauthorized resource access", Source: &source{Pointer: "id"}})
}

func serverError() reply {
	return problems(500, problem{Status: 500, Title: "Internal Server Error", Detail: "Internal Server Error"})
}

// unprocessable is a 422 with a detail.
func unprocessable(pointer string, detail any) reply {
	return problems(422, problem{Status: 422, Title: "Unprocessable Entity", Detail: detail, Source: &source{Pointer: pointer}})
}

// absent is the answer to a write to a record that is not there.
func (q request) absent() reply {
	if q.switches.UnknownRecord == 401 {
		return unauthorized()
	}
	return notFound()
}
