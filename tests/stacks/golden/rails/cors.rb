# CORS, rendered by crossorigin from this policy:
#   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
#   allow_methods = ["DELETE", "PATCH", "PUT"]
#   allow_headers = ["authorization", "content-type", "x-csrf-token"]
#   allow_credentials = true
#   expose_headers = ["etag", "link"]
#   max_age = 600
# LIMIT: denied preflights: rack-cors answers them with the status of an allowed one, and leaves it to the browser to see that the leave is missing.
# LIMIT: preflight_status: rack-cors answers with 200, not 204.
# LIMIT: Vary: rack-cors sends none on answers to preflights.
#
# config/initializers/cors.rb; bundle add rack-cors

# First, and so around authentication, which a preflight cannot pass, and around error pages.
Rails.application.config.middleware.insert_before 0, Rack::Cors do
  allow do
    # Texts are compared as a whole, by case; expressions need both their ends.
    origins 'chrome-extension://abcdefghijklmnop',
            %r{\Ahttp://localhost(?::(?:0|[1-9]|[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9]|[12345679][0-9]|8[123456789]|[1-5][0-9][0-9][0-9][0-9]|6[0-4][0-9][0-9][0-9]|65[0-4][0-9][0-9]|655[0-2][0-9]|6553[0-5]))?\z},
            %r{\Ahttps://(?:[a-z0-9_-]+\.)+example\.org\z},
            'https://app.example.com'

    resource '*',
      methods: [:get, :head, :post, :delete, :patch, :put],
      headers: ['authorization', 'content-type', 'x-csrf-token'],
      expose: ['etag', 'link'],
      credentials: true,
      max_age: 600,
      # rack-cors grants these whatever is listed.
      if: ->(env) {
        names = env['HTTP_ACCESS_CONTROL_REQUEST_HEADERS'].to_s.downcase.split(/\s*,\s*/)
        (names & ['accept', 'accept-language', 'content-language']).empty?
      }
  end
end
