// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: refuse_disallowed_origins: Spring answers requests of origins that are not allowed with 403, as if it were true.
// LIMIT: other methods: Spring answers requests of other origins with 403 where their method is not listed, OPTIONS that is no preflight too.
// LIMIT: denied preflights: where some of the headers asked for are allowed, Spring answers with the status of an allowed one and names those; the browser sees that the others are missing.
// LIMIT: preflight_status: Spring answers with 200, not 204.
//
// In a package of your application. In application.properties:
//   server.port=8080
//   server.forward-headers-strategy=framework (behind a proxy that sets X-Forwarded-Proto, and only there)

package com.example.api;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

@Configuration
public class CorsSecurityConfig {

    // Who may read. The whole origin counts, by case: no part of it is enough.
    private static final Set<String> ORIGINS = Set.of("chrome-extension://abcdefghijklmnop", "https://app.example.com");

    private static final List<Pattern> PATTERNS = List.of(
            // http://localhost:*
            Pattern.compile("\\Ahttp://localhost(?::(?:0|[1-9]|[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9]|[12345679][0-9]|8[123456789]|[1-5][0-9][0-9][0-9][0-9]|6[0-4][0-9][0-9][0-9]|65[0-4][0-9][0-9]|655[0-2][0-9]|6553[0-5]))?\\z"),
            // https://*.example.org
            Pattern.compile("\\Ahttps://(?:[a-z0-9_-]+\\.)+example\\.org\\z"));

    @Bean
    CorsConfigurationSource corsConfigurationSource() {
        CorsConfiguration configuration = new CorsConfiguration() {
            @Override
            public String checkOrigin(String origin) {
                boolean allowed = origin != null && (ORIGINS.contains(origin)
                        || PATTERNS.stream().anyMatch(pattern -> pattern.matcher(origin).matches()));
                return allowed ? origin : null;
            }
        };
        configuration.setAllowedMethods(List.of("GET", "HEAD", "POST", "DELETE", "PATCH", "PUT"));
        configuration.setAllowedHeaders(List.of("authorization", "content-type", "x-csrf-token"));
        configuration.setExposedHeaders(List.of("etag", "link"));
        configuration.setAllowCredentials(true);
        configuration.setMaxAge(600L);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", configuration);
        return source;
    }

    @Bean
    SecurityFilterChain securityFilterChain(HttpSecurity http) throws Exception {
        // Before authentication, which a preflight cannot pass.
        http.cors(Customizer.withDefaults());
        // Your own rules, in place of these two.
        http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated());
        http.httpBasic(Customizer.withDefaults());
        return http.build();
    }

}
