#include "core/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/try.hpp"

namespace hearth {
namespace {

Error not_a_url(std::string_view why) {
    return Error{Remedy::usage, "not a URL that can be used: " + std::string(why),
                 "such as https://host/path"};
}

bool host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
bool address_character(char c) {
    return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Four decimal numbers from 0 to 255, the first of them 127. With a zero before it a number means
// another one to some, and a name to others.
bool loopback_v4(std::string_view host) {
    std::array<unsigned, 4> parts{};
    const char* at = host.data();
    const char* const end = at + host.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) {
            if (at == end || *at != '.') return false;
            ++at;
        }
        const auto [next, problem] = std::from_chars(at, end, parts.at(i));
        if (problem != std::errc() || next - at > 3 || parts.at(i) > 255) return false;
        if (*at == '0' && next - at > 1) return false;
        at = next;
    }
    return at == end && parts.front() == 127;
}

struct Authority {
    std::string host;
    std::string_view port;
};

Result<Authority> split_authority(std::string_view text) {
    std::string lowered(text);
    std::ranges::transform(lowered, lowered.begin(), lower);
    if (text.starts_with('[')) {
        const auto close = lowered.find(']');
        if (close == std::string::npos)
            return std::unexpected(not_a_url("the host's bracket is not closed"));
        Authority authority{lowered.substr(1, close - 1), text.substr(close + 1)};
        if (!authority.host.contains(':') ||
            !std::ranges::all_of(authority.host, address_character)) {
            return std::unexpected(not_a_url("the host is not an IPv6 address"));
        }
        return authority;
    }
    const auto colon = std::min(text.find(':'), text.size());
    Authority authority{lowered.substr(0, colon), text.substr(colon)};
    if (authority.host.empty() || !std::ranges::all_of(authority.host, host_character)) {
        return std::unexpected(not_a_url("the host has a character that no host has"));
    }
    return authority;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    if (text.size() > 8192) return std::unexpected(not_a_url("it is longer than 8192 characters"));
    if (!std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; })) {
        return std::unexpected(
            not_a_url("it has a space, a control character or one beyond ASCII"));
    }
    Url url;
    std::string scheme(text.substr(0, std::min(text.find(':'), text.size())));
    std::ranges::transform(scheme, scheme.begin(), lower);
    url.secure_ = scheme == "https";
    if (!url.secure_ && scheme != "http")
        return std::unexpected(not_a_url("it begins neither with https:// nor with http://"));
    auto rest = text.substr(scheme.size());
    if (!rest.starts_with("://"))
        return std::unexpected(not_a_url("it begins neither with https:// nor with http://"));
    rest.remove_prefix(3);
    if (rest.contains('#')) return std::unexpected(not_a_url("it has a fragment"));

    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    const auto authority_text = rest.substr(0, end);
    if (authority_text.contains('@'))
        return std::unexpected(not_a_url("it carries user information"));
    const auto authority = HEARTH_TRY(split_authority(authority_text));
    url.host_ = authority.host;
    url.port_ = url.secure_ ? 443 : 80;
    if (!authority.port.empty()) {
        const auto digits = authority.port.substr(1);
        const auto [last, problem] =
            std::from_chars(digits.data(), digits.data() + digits.size(), url.port_);
        const bool good = authority.port.front() == ':' && problem == std::errc() &&
                          last == digits.data() + digits.size();
        if (!good || url.port_ == 0)
            return std::unexpected(not_a_url("the port is not a number from 1 to 65535"));
    }
    url.target_ = rest.substr(end);
    if (!url.target_.starts_with('/')) url.target_.insert(0, "/");
    return url;
}

bool Url::loopback() const noexcept {
    return host_ == "localhost" || host_ == "::1" || loopback_v4(host_);
}

bool Url::machine_service() const noexcept {
    constexpr std::array<std::string_view, 6> known{
        "169.254.169.254", "metadata.google.internal",  // Instances, of both clouds.
        "fd00:ec2::254",   "169.254.170.2",             // Containers of AWS from here on.
        "169.254.170.23",  "fd00:ec2::23"};
    return std::ranges::find(known, host_) != known.end();
}

std::string Url::origin() const {
    const bool own_port = port_ == (secure_ ? 443 : 80);
    const std::string shown = host_.contains(':') ? "[" + host_ + "]" : host_;
    return (secure_ ? "https://" : "http://") + shown +
           (own_port ? "" : ":" + std::to_string(port_));
}

}  // namespace hearth
