// A JSON object that somebody else wrote: read leniently, never echoed, wiped when dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::json {

// Immutable; copies share one tree. A member that is absent or of another type reads as empty,
// because unknown and odd fields of a server's answer are to be ignored.
class Document {
  public:
    // An object without members.
    Document() noexcept = default;
    // Remedy::failed when the text is not one JSON object; the error quotes none of it.
    static Result<Document> parse(std::string_view text);

    [[nodiscard]] bool empty() const noexcept;
    [[nodiscard]] bool has(std::string_view name) const noexcept;
    [[nodiscard]] std::string text(std::string_view name) const;
    // A string that is not empty.
    [[nodiscard]] std::optional<Secret> secret(std::string_view name) const;
    // A number, or a string that is one (some servers send "3600"); a fraction is dropped.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
    // A number of seconds, brought between zero and a thousand years.
    [[nodiscard]] std::optional<Span> seconds(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;
    // A list of strings; a single string is a list of one.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    [[nodiscard]] Document object(std::string_view name) const;
    [[nodiscard]] std::vector<Document> objects(std::string_view name) const;
    // A list of lists of two strings; odd entries are left out.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> pairs(
        std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    struct Tree;
    Document(std::shared_ptr<const Tree> tree, const void* object) noexcept
        : tree_(std::move(tree)), object_(object) {}

    std::shared_ptr<const Tree> tree_;
    const void* object_ = nullptr;  // A boost::json::object within the tree.
};

}  // namespace hearth::json
