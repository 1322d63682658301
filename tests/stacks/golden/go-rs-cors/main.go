// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: denied preflights: rs/cors answers them with the status of an allowed one, and leaves it to the browser to see that the leave is missing.
//
// go mod init example.com/api; go get github.com/rs/cors; go run .

package main

import (
	"log"
	"net/http"
	"regexp"
	"slices"

	"github.com/rs/cors"
)

// Who may read. The whole origin counts, by case: no part of it is enough.
var origins = []string{"chrome-extension://abcdefghijklmnop", "https://app.example.com"}

var patterns = []*regexp.Regexp{
	// http://localhost:*
	regexp.MustCompile(`^http://localhost(?::(?:0|[1-9]|[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9]|[12345679][0-9]|8[123456789]|[1-5][0-9][0-9][0-9][0-9]|6[0-4][0-9][0-9][0-9]|65[0-4][0-9][0-9]|655[0-2][0-9]|6553[0-5]))?$`),
	// https://*.example.org
	regexp.MustCompile(`^https://(?:[a-z0-9_-]+\.)+example\.org$`),
}

func isAllowed(origin string) bool {
	return slices.Contains(origins, origin) || slices.ContainsFunc(patterns, func(pattern *regexp.Regexp) bool {
		return pattern.MatchString(origin)
	})
}

// withCORS goes around everything: a preflight cannot pass authentication.
func withCORS(next http.Handler) http.Handler {
	handler := cors.New(cors.Options{
		AllowOriginFunc:  isAllowed,
		AllowedMethods:   []string{"GET", "HEAD", "POST", "DELETE", "PATCH", "PUT"},
		AllowedHeaders:   []string{"authorization", "content-type", "x-csrf-token"},
		ExposedHeaders:   []string{"etag", "link"},
		AllowCredentials: true,
		MaxAge:           600,
	}).Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// OPTIONS as the method of a request: rs/cors would grant it whatever is listed.
		asked := r.Header.Get("Access-Control-Request-Method")
		if r.Method == http.MethodOptions && asked == http.MethodOptions {
			w.Header().Add("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
			w.WriteHeader(http.StatusForbidden)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

func main() {
	mux := http.NewServeMux()

	// Your routes, from here on.

	log.Fatal(http.ListenAndServe(":8080", withCORS(mux)))
}
