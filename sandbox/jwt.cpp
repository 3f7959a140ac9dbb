#include "sandbox/jwt.hpp"

#include <algorithm>

#include "sandbox/encoding.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

std::optional<std::string> from_base64url(std::string text) {
    if (text.find_first_of("+/=") != std::string::npos) return std::nullopt;
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    while (text.size() % 4 != 0) text += '=';
    return from_base64(text);
}

}  // namespace

std::string Jwt::algorithm() const { return text_in(header, "alg"); }
std::string Jwt::key_id() const { return text_in(header, "kid"); }

std::optional<Jwt> read_jwt(std::string_view token) {
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto part = [&](std::size_t begin, std::size_t end) {
        return from_base64url(std::string(token.substr(begin, end - begin)));
    };
    const auto header_text = part(0, first);
    const auto claims_text = part(first + 1, second);
    auto signature = part(second + 1, token.size());
    auto header = header_text ? object_in(*header_text) : std::nullopt;
    auto claims = claims_text ? object_in(*claims_text) : std::nullopt;
    if (!header || !claims || !signature) return std::nullopt;
    return Jwt{.header = *std::move(header),
               .claims = *std::move(claims),
               .input = std::string(token.substr(0, second)),
               .signature = *std::move(signature)};
}

}  // namespace hearth::sandbox
