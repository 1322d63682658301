// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: Vary: jub0bs/cors sends none on answers to OPTIONS, which no cache may keep anyway.
//
// go mod init example.com/api; go get github.com/jub0bs/cors; go run .

package main

import (
	"log"
	"net/http"

	"github.com/jub0bs/cors"
)

// withCORS goes around everything: a preflight cannot pass authentication.
func withCORS(next http.Handler) http.Handler {
	middleware, err := cors.NewMiddleware(cors.Config{
		Origins:         []string{"chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"},
		Credentialed:    true,
		Methods:         []string{"DELETE", "PATCH", "PUT"},
		RequestHeaders:  []string{"authorization", "content-type", "x-csrf-token"},
		MaxAgeInSeconds: 600,
		ResponseHeaders: []string{"etag", "link"},
		// For an origin without https.
		DangerouslyTolerateInsecureOrigins: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	return middleware.Wrap(next)
}

func main() {
	mux := http.NewServeMux()

	// Your routes, from here on.

	log.Fatal(http.ListenAndServe(":8080", withCORS(mux)))
}
