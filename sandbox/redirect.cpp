#include "sandbox/redirect.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include "sandbox/message.hpp"

namespace hearth::sandbox {

namespace {

bool loopback_name(std::string_view host) {
    return host == "127.0.0.1" || host == "[::1]" || same_name(host, "localhost");
}

bool loopback_redirect(const boost::urls::url_view& url) {
    return url.scheme() == "http" && !url.has_userinfo() &&
           loopback_name(std::string_view(url.encoded_host()));
}

std::string without_port(const boost::urls::url_view& from) {
    boost::urls::url url(from);
    url.remove_port();
    return std::string(url.buffer());
}

}  // namespace

// RFC 8252 section 8.3 advises against the name localhost but does not forbid it, and installed
// programs register it.
bool same_redirect(std::string_view registered, std::string_view asked) {
    if (registered == asked) return true;
    const auto left = boost::urls::parse_uri(registered);
    const auto right = boost::urls::parse_uri(asked);
    return left && right && loopback_redirect(*left) && loopback_redirect(*right) &&
           without_port(*left) == without_port(*right);
}

bool acceptable_redirect(std::string_view uri) {
    const auto url = boost::urls::parse_absolute_uri(uri);
    if (!url || url->has_userinfo()) return false;
    const std::string_view scheme = url->scheme();
    if (scheme == "https") return url->has_authority() && !url->encoded_host().empty();
    if (scheme == "http") return loopback_redirect(*url);
    return scheme.find('.') != std::string_view::npos;
}

bool acceptable_resource(std::string_view uri) {
    return boost::urls::parse_absolute_uri(uri).has_value();
}

bool loopback_host(std::string_view host) {
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && !host.ends_with(']')) {
        const auto port = host.substr(colon + 1);
        if (port.empty() || port.find_first_not_of("0123456789") != std::string_view::npos)
            return false;
        host = host.substr(0, colon);
    }
    return loopback_name(host);
}

}  // namespace hearth::sandbox
