#include "core/http.hpp"

#include <algorithm>

namespace hearth {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const noexcept {
    for (const auto& one : headers) {
        if (std::ranges::equal(one.name, name, {}, lower, lower)) return one.value;
    }
    return {};
}

}  // namespace hearth
