<?php

// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: denied preflights: Laravel answers them with the status of an allowed one, and leaves it to the browser to see that the leave is missing.
//
// config/cors.php; php artisan config:clear, where the configuration is cached.

return [
    'paths' => ['*'],
    'allowed_methods' => ['GET', 'HEAD', 'POST', 'DELETE', 'PATCH', 'PUT'],
    'allowed_origins' => [
        'chrome-extension://abcdefghijklmnop',
        'https://app.example.com',
    ],
    'allowed_origins_patterns' => [
        '#\Ahttp://localhost(?::(?:0|[1-9]|[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9]|[12345679][0-9]|8[123456789]|[1-5][0-9][0-9][0-9][0-9]|6[0-4][0-9][0-9][0-9]|65[0-4][0-9][0-9]|655[0-2][0-9]|6553[0-5]))?\z#',
        '#\Ahttps://(?:[a-z0-9_-]+\.)+example\.org\z#',
    ],
    'allowed_headers' => ['authorization', 'content-type', 'x-csrf-token'],
    'exposed_headers' => ['etag', 'link'],
    'max_age' => 600,
    'supports_credentials' => true,
];
