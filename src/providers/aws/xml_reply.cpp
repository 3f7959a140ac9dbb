#include "providers/aws/xml_reply.hpp"

#include <expat.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/arena.hpp"

namespace hearth::providers::aws {
namespace {

constexpr std::size_t deepest = 16;
constexpr std::size_t most_texts = 512;

// The parser keeps pieces of the text: its memory is overwritten before it is given back. The size
// stands before the block.
constexpr std::size_t size_at_front = alignof(std::max_align_t);

char* block_of(void* memory) { return static_cast<char*>(memory) - size_at_front; }

std::size_t size_of(const char* block) {
    std::size_t size = 0;
    std::copy_n(block, sizeof size, reinterpret_cast<char*>(&size));
    return size;
}

void* take(std::size_t size) {
    auto* const block = static_cast<char*>(std::malloc(size_at_front + size));  // NOLINT
    if (block == nullptr) return nullptr;
    std::copy_n(reinterpret_cast<const char*>(&size), sizeof size, block);
    return block + size_at_front;
}

void give_back(void* memory) {
    if (memory == nullptr) return;
    auto* const block = block_of(memory);
    Arena::wipe(block, size_at_front + size_of(block));
    std::free(block);  // NOLINT
}

void* take_other(void* memory, std::size_t size) {
    void* const other = take(size);
    if (memory == nullptr || other == nullptr) return other;
    const auto kept = std::min(size, size_of(block_of(memory)));
    std::copy_n(static_cast<const char*>(memory), kept, static_cast<char*>(other));
    give_back(memory);
    return other;
}

constexpr XML_Memory_Handling_Suite wiped_memory{take, take_other, give_back};

struct Free {
    void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};

struct Walk {
    XML_Parser parser = nullptr;
    std::map<std::string, Secret, std::less<>>& texts;
    std::vector<std::string> names;
    SecretBuilder text;
    bool leaf = false;  // The element that is open has no other one in it.

    void stop() const { (void)XML_StopParser(parser, XML_FALSE); }

    void open(std::string_view name) {
        const auto colon = name.rfind(':');
        if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
        if (names.size() >= deepest || texts.size() >= most_texts) return stop();
        names.emplace_back(name);
        leaf = true;
        text = {};
    }
    void add(std::string_view piece) {
        if (leaf) text.append(piece);
    }
    void close() {
        if (std::exchange(leaf, false)) texts.try_emplace(place(), text.take());
        names.pop_back();
    }
    [[nodiscard]] std::string place() const {
        std::string path;
        for (const auto& name : names) path += path.empty() ? name : "/" + name;
        return path;
    }
};

Walk& walk_at(void* user) { return *static_cast<Walk*>(user); }

}  // namespace

Result<XmlReply> XmlReply::parse(std::string_view text) {
    XmlReply reply;
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser(
        XML_ParserCreate_MM("UTF-8", &wiped_memory, nullptr));
    if (!parser) throw std::bad_alloc();
    Walk walk{.parser = parser.get(), .texts = reply.texts_, .names = {}, .text = {}};
    XML_SetUserData(parser.get(), &walk);
    XML_SetElementHandler(
        parser.get(),
        [](void* user, const XML_Char* name, const XML_Char** /*attributes*/) {
            walk_at(user).open(name);
        },
        [](void* user, const XML_Char* /*name*/) { walk_at(user).close(); });
    XML_SetCharacterDataHandler(parser.get(), [](void* user, const XML_Char* piece, int size) {
        walk_at(user).add({piece, static_cast<std::size_t>(size)});
    });
    XML_SetStartDoctypeDeclHandler(
        parser.get(), [](void* user, const XML_Char* /*name*/, const XML_Char* /*system*/,
                         const XML_Char* /*identity*/, int /*subset*/) { walk_at(user).stop(); });
    const auto done = XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
    if (done != XML_STATUS_OK)
        return std::unexpected(
            Error{Remedy::failed, "the answer is not the XML that AWS sends", ""});
    return reply;
}

const Secret* XmlReply::find(std::string_view path) const {
    const auto found = texts_.find(path);
    return found == texts_.end() ? nullptr : &found->second;
}

std::string XmlReply::text(std::string_view path) const {
    const auto* const found = find(path);
    return found == nullptr ? std::string() : std::string(found->reveal());
}

}  // namespace hearth::providers::aws
