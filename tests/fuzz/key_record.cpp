// key.json of the sealed store: as it is read, and with fields that somebody made up under a
// checksum that fits.
#include "stores/key_record.hpp"

#include "fuzz/target.hpp"
#include "json/document.hpp"

namespace hearth::fuzz {
namespace {

void require_same(const stores::KeyRecord& left, const stores::KeyRecord& right) {
    require(left.context() == right.context());
    require(left.key_id == right.key_id && left.source == right.source);
    require(left.salt == right.salt && left.wrapped == right.wrapped);
    require(left.stretch == right.stretch);
}

stores::KeyRecord made_up(const json::Document& fields) {
    stores::KeyRecord record;
    record.key_id = fields.text("key_id");
    record.source = fields.text("source");
    record.stretch.operations =
        static_cast<std::uint64_t>(fields.seconds("argon2id_operations").value_or(Span{}).count());
    record.salt = fields.text("argon2id_salt");
    record.wrapped = fields.text("wrapped_key");
    return record;
}

}  // namespace

void try_input(std::string_view input) {
    const auto record = stores::KeyRecord::parse(Secret(input), "/home/key.json");
    if (record) {
        const auto again = stores::KeyRecord::parse(Secret(record->to_text()), "/home/key.json");
        require(again.has_value());
        require_same(*again, *record);
    } else {
        require_sound(record.error().error);
    }
    const auto fields = json::Document::parse(input);
    if (!fields) return;
    const auto written = made_up(*fields);
    const auto back = stores::KeyRecord::parse(Secret(written.to_text()), "/home/key.json");
    require(back.has_value());
    require_same(*back, written);
}

}  // namespace hearth::fuzz
