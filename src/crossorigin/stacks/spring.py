r"""Spring Boot 3 with Spring Security: a `CorsConfigurationSource`, and `http.cors()` before what asks for a login.

Read in Spring Framework v6.2.19 and Spring Security 6.5.11:
https://github.com/spring-projects/spring-framework/blob/v6.2.19/spring-web/src/main/java/org/springframework/web/cors/CorsConfiguration.java
https://github.com/spring-projects/spring-framework/blob/v6.2.19/spring-web/src/main/java/org/springframework/web/cors/DefaultCorsProcessor.java
https://github.com/spring-projects/spring-security/blob/6.5.11/config/src/main/java/org/springframework/security/config/annotation/web/configurers/CorsConfigurer.java

Two habits shape the class. `setAllowedOrigins` compares without regard to case, and `setAllowedOriginPatterns` takes
`*` for any text, slashes, dots and nothing included: so `checkOrigin`, which is there to be overridden, decides.
And CORS that only MVC knows comes too late: a preflight has no login, and gets 401. The filter that `http.cors()` puts
first refuses by itself: 403 for any request of another origin that is not allowed, or whose method is not.

Behind a proxy that ends TLS, the application's own origin is another one's to it, and its POSTs are refused, unless it
is told to believe the proxy: hence the line on `server.forward-headers-strategy`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from textwrap import dedent
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_SECURITY: Final = "import org.springframework.security.config.Customizer;"
_WEB: Final = """import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;"""
_ENABLE: Final = "http.cors(Customizer.withDefaults());"
_PAGE: Final = (
    rb"\AInvalid CORS request\Z"
    rb"|<h1>Whitelabel Error Page</h1>"
    rb'|\A\{"timestamp":(?:"[^"]*"|[0-9]+),"status":[0-9]+,"error":"[^"]*",'
)
"""The refusal of DefaultCorsProcessor; and the page and the JSON of Spring Boot's own controller for errors:
https://github.com/spring-projects/spring-boot/tree/v3.5.0/spring-boot-project/spring-boot-autoconfigure
"""


def render(policy: Policy, site: Site) -> Rendered:
    """`CorsSecurityConfig.java`: a configuration with the policy, and the chain of filters that it comes first in."""
    limits = _limits(policy)
    utilities = "\n".join(f"import java.util.{name};" for name in _utilities(policy))
    bean = "\n".join([*_origins(policy), *_bean(policy)])
    lines = [
        *(f"// {line}" for line in matching.describe(policy, limits)),
        "//",
        "// In a package of your application. In application.properties:",
        f"//   server.port={site.port}",
        "//   server.forward-headers-strategy=framework (behind a proxy that sets X-Forwarded-Proto, and only there)",
        "",
        "package com.example.api;",
        "",
        utilities,
        "",
        "import org.springframework.context.annotation.Bean;",
        "import org.springframework.context.annotation.Configuration;",
        _SECURITY,
        "import org.springframework.security.config.annotation.web.builders.HttpSecurity;",
        "import org.springframework.security.web.SecurityFilterChain;",
        _WEB,
        "",
        "@Configuration",
        "public class CorsSecurityConfig {",
        "",
        bean,
        "",
        "    @Bean",
        "    SecurityFilterChain securityFilterChain(HttpSecurity http) throws Exception {",
        "        // Before authentication, which a preflight cannot pass.",
        f"        {_ENABLE}",
        "        // Your own rules, in place of these two.",
        "        http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated());",
        "        http.httpBasic(Customizer.withDefaults());",
        "        return http.build();",
        "    }",
        "",
        "}",
        "",
    ]
    parts = (
        Part("among the imports of a class with @Configuration", utilities),
        Part("among its imports", _WEB),
        Part("in that class", dedent(bean)),
        Part("among the imports of the class that makes your SecurityFilterChain", _SECURITY),
        Part("where it is made, first of all", _ENABLE),
    )
    return Rendered((File("CorsSecurityConfig.java", "java", "\n".join(lines), parts),), tuple(limits))


def _limits(policy: Policy) -> list[str]:
    limits = []
    if policy.debug:
        limits.append(
            "debug: Spring answers a denied preflight with 403 and no CORS headers, as without it; "
            "the console does not name the culprit."
        )
    if not policy.refuse_disallowed_origins and not matching.any_origin(policy):
        limits.append(
            "refuse_disallowed_origins: Spring answers requests of origins that are not allowed with 403, "
            "as if it were true."
        )
    if "*" not in policy.allow_methods:
        limits.append(
            "other methods: Spring answers requests of other origins with 403 where their method is not listed, "
            "OPTIONS that is no preflight too."
        )
    if "*" not in policy.allow_headers and policy.allow_headers:
        limits.append(
            "denied preflights: where some of the headers asked for are allowed, Spring answers with the status of an "
            "allowed one and names those; the browser sees that the others are missing."
        )
    if policy.preflight_status != 200:
        limits.append(f"preflight_status: Spring answers with 200, not {policy.preflight_status}.")
    return limits


def _utilities(policy: Policy) -> list[str]:
    """What of java.util is needed."""
    if matching.any_origin(policy):
        return ["List"]
    return ["List", "Set", *(["regex.Pattern"] if matching.exact_origins(policy)[1] else [])]


def _list(texts: Iterable[str], kind: str = "List") -> str:
    """Texts as a collection: JSON's escapes are Java's too, and a policy's values are ASCII."""
    return f"{kind}.of({', '.join(map(json.dumps, texts))})"


def _origins(policy: Policy) -> list[str]:
    """The fields with the origins."""
    if matching.any_origin(policy):
        return []
    exact, wild = matching.exact_origins(policy)
    lines = [
        "    // Who may read. The whole origin counts, by case: no part of it is enough.",
        f"    private static final Set<String> ORIGINS = {_list(exact, 'Set')};",
        "",
    ]
    if not wild:
        return lines
    lines.append("    private static final List<Pattern> PATTERNS = List.of(")
    for at, (text, regex) in enumerate(wild):
        end = ");" if at == len(wild) - 1 else ","
        lines += [f"            // {text}", f"            Pattern.compile({json.dumps(matching.anchored(regex))}){end}"]
    return [*lines, ""]


def _bean(policy: Policy) -> list[str]:
    lines = ["    @Bean", "    CorsConfigurationSource corsConfigurationSource() {"]
    if matching.any_origin(policy):
        lines += [
            "        CorsConfiguration configuration = new CorsConfiguration();",
            f"        configuration.setAllowedOrigins({_list(['*'])});",
        ]
    else:
        lines += _decider(wild=bool(matching.exact_origins(policy)[1]))
    lines.append(f"        configuration.setAllowedMethods({_list(matching.listed_methods(policy))});")
    if policy.allow_headers:
        headers = ["*"] if "*" in policy.allow_headers else policy.allow_headers
        lines.append(f"        configuration.setAllowedHeaders({_list(headers)});")
    if policy.expose_headers:
        lines.append(f"        configuration.setExposedHeaders({_list(policy.expose_headers)});")
    if policy.allow_credentials:
        lines.append("        configuration.setAllowCredentials(true);")
    if policy.max_age is not None:
        lines.append(f"        configuration.setMaxAge({policy.max_age}L);")
    return [
        *lines,
        "        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();",
        '        source.registerCorsConfiguration("/**", configuration);',
        "        return source;",
        "    }",
    ]


def _decider(*, wild: bool) -> list[str]:
    """A configuration that compares origins itself."""
    if wild:
        allowed = [
            "                boolean allowed = origin != null && (ORIGINS.contains(origin)",
            "                        || PATTERNS.stream().anyMatch(pattern -> pattern.matcher(origin).matches()));",
        ]
    else:
        allowed = ["                boolean allowed = origin != null && ORIGINS.contains(origin);"]
    return [
        "        CorsConfiguration configuration = new CorsConfiguration() {",
        "            @Override",
        "            public String checkOrigin(String origin) {",
        *allowed,
        "                return allowed ? origin : null;",
        "            }",
        "        };",
    ]


STACK: Final = Stack(
    name="spring",
    title="Spring Boot",
    language="java",
    render=render,
    recognise=by_signs(
        # Three headers of this name, in this order, on any answer: of DefaultCorsProcessor, first of all it does.
        ("vary", r"Access-Control-Request-Headers\Z", 0.6),
        page=(_PAGE, "the page is Spring's own", 0.9),
    ),
)
