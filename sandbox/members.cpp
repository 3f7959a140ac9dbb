#include "sandbox/members.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace hearth::sandbox {

std::optional<boost::json::object> object_in(std::string_view text) {
    boost::system::error_code error;
    auto value = boost::json::parse(text, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_in(const boost::json::object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

std::optional<std::int64_t> number_in(const boost::json::object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    if (found == nullptr || !found->is_int64()) return std::nullopt;
    return found->get_int64();
}

bool flag_in(const boost::json::object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

std::vector<std::string> texts_in(const boost::json::object& from, std::string_view name) {
    std::vector<std::string> texts;
    const auto* found = from.if_contains(name);
    if (found == nullptr || !found->is_array()) return texts;
    for (const auto& one : found->get_array())
        if (one.is_string()) texts.emplace_back(one.get_string());
    return texts;
}

}  // namespace hearth::sandbox
