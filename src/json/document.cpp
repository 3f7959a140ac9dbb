#include "json/document.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <new>

#include "core/arena.hpp"

namespace hearth::json {
namespace {

// Ordinary memory that is overwritten before it is given back.
class WipedMemory final : public boost::json::memory_resource {
    // The parser gives back keys with another alignment than it took them with; the default serves
    // both.
    void* do_allocate(std::size_t size, std::size_t alignment) override {
        if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__) throw std::bad_alloc();
        return ::operator new(size);
    }
    void do_deallocate(void* start, std::size_t size, std::size_t /*alignment*/) override {
        Arena::wipe(static_cast<char*>(start), size);
        ::operator delete(start);
    }
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
        return this == &other;
    }
};

const boost::json::object& object_at(const void* object) noexcept {
    return *static_cast<const boost::json::object*>(object);
}

const boost::json::value* member(const void* object, std::string_view name) noexcept {
    return object == nullptr ? nullptr : object_at(object).if_contains(name);
}

std::optional<std::int64_t> whole(double number) {
    // Beyond 2^53 a double is no longer exact, and nothing here is that large.
    if (!std::isfinite(number) || std::abs(number) > 9e15) return {};
    return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) return {};
    return number;
}

}  // namespace

struct Document::Tree {
    WipedMemory memory;
    // Destroyed before the memory it lies in. It names that memory because a value that is moved to
    // another is copied.
    boost::json::value root = boost::json::value(nullptr, boost::json::storage_ptr(&memory));
};

Result<Document> Document::parse(std::string_view text) {
    const auto tree = std::make_shared<Tree>();
    // The parser's scratch space sees the strings too.
    std::array<unsigned char, 4096> scratch{};
    {
        boost::json::parser parser(&tree->memory, {}, scratch.data(), scratch.size());
        boost::json::error_code problem;
        parser.reset(&tree->memory);
        parser.write(text.data(), text.size(), problem);
        if (!problem) tree->root = parser.release();
    }
    Arena::wipe(reinterpret_cast<char*>(scratch.data()), scratch.size());
    const auto* const object = tree->root.if_object();
    if (object == nullptr) return std::unexpected(Error{Remedy::failed, "not a JSON object", ""});
    return Document(tree, object);
}

bool Document::empty() const noexcept { return object_ == nullptr || object_at(object_).empty(); }

bool Document::has(std::string_view name) const noexcept {
    return member(object_, name) != nullptr;
}

std::string Document::text(std::string_view name) const {
    const auto* const value = member(object_, name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string(std::string_view(value->get_string()));
}

std::optional<Secret> Document::secret(std::string_view name) const {
    const auto* const value = member(object_, name);
    if (value == nullptr || !value->is_string() || value->get_string().empty()) return {};
    return Secret(std::string_view(value->get_string()));
}

std::optional<std::int64_t> Document::number(std::string_view name) const {
    const auto* const value = member(object_, name);
    if (value == nullptr) return {};
    if (value->is_int64()) return value->get_int64();
    if (value->is_double()) return whole(value->get_double());
    if (value->is_string()) return number_in(value->get_string());
    return {};
}

std::optional<Span> Document::seconds(std::string_view name) const {
    constexpr std::int64_t longest = 1000LL * 366 * 24 * 3600;
    const auto count = number(name);
    if (!count) return {};
    return std::chrono::seconds(std::clamp<std::int64_t>(*count, 0, longest));
}

bool Document::flag(std::string_view name) const {
    const auto* const value = member(object_, name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<std::string> Document::texts(std::string_view name) const {
    const auto* const value = member(object_, name);
    if (value == nullptr) return {};
    if (value->is_string()) return {text(name)};
    std::vector<std::string> list;
    if (const auto* const array = value->if_array()) {
        for (const auto& one : *array) {
            if (one.is_string()) list.emplace_back(std::string_view(one.get_string()));
        }
    }
    return list;
}

Document Document::object(std::string_view name) const {
    const auto* const value = member(object_, name);
    if (value == nullptr || !value->is_object()) return {};
    return {tree_, value->if_object()};
}

std::vector<Document> Document::objects(std::string_view name) const {
    const auto* const value = member(object_, name);
    std::vector<Document> list;
    if (value == nullptr || !value->is_array()) return list;
    for (const auto& one : value->get_array()) {
        if (const auto* const object = one.if_object()) list.push_back(Document(tree_, object));
    }
    return list;
}

std::vector<std::pair<std::string, std::string>> Document::pairs(std::string_view name) const {
    std::vector<std::pair<std::string, std::string>> list;
    const auto* const value = member(object_, name);
    if (value == nullptr || !value->is_array()) return list;
    for (const auto& one : value->get_array()) {
        const auto* const pair = one.if_array();
        if (pair == nullptr || pair->size() != 2) continue;
        const auto* const first = pair->at(0).if_string();
        const auto* const second = pair->at(1).if_string();
        if (first != nullptr && second != nullptr) list.emplace_back(*first, *second);
    }
    return list;
}

std::vector<std::string> Document::names() const {
    std::vector<std::string> list;
    if (object_ == nullptr) return list;
    for (const auto& one : object_at(object_)) list.emplace_back(one.key());
    return list;
}

}  // namespace hearth::json
