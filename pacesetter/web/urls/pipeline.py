"""Addresses of customers, leads, deals, collections, products and activities."""

from django.urls import path, register_converter

from pacesetter.web.views.pipeline import activity, customer, deal, lead, lists, money, stage, tier


class FileKind:
    """csv or xlsx."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileKind, "sheet")

urlpatterns = [
    path("customers/", lists.customers, name="customers"),
    path("customers/export.<sheet:kind>", lists.customers, name="customers_export"),
    path("customers/new/", customer.new, name="customer_new"),
    path("customers/duplicates/", customer.duplicates, name="duplicates"),
    path("customers/merge/", customer.merge, name="customer_merge"),
    path("customers/unmerge/<int:pk>/", customer.unmerge, name="customer_unmerge"),
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/edit/", customer.edit, name="customer_edit"),
    path("customers/<int:pk>/assign/", customer.assign, name="customer_assign"),
    path("customers/<int:pk>/tier/", tier.why, name="customer_tier"),
    path("customers/<int:pk>/tier/change/", tier.change, name="customer_tier_change"),
    path("customers/<int:pk>/contacts/new/", customer.contact_new, name="contact_new"),
    path("customers/<int:pk>/contacts/<int:contact_pk>/", customer.contact_edit, name="contact_edit"),
    path("leads/", lists.leads, name="leads"),
    path("leads/export.<sheet:kind>", lists.leads, name="leads_export"),
    path("leads/new/", lead.new, name="lead_new"),
    path("leads/<int:pk>/", lead.lead, name="lead"),
    path("leads/<int:pk>/edit/", lead.edit, name="lead_edit"),
    path("leads/<int:pk>/step/", lead.step, name="lead_step"),
    path("leads/<int:pk>/assign/", lead.assign, name="lead_assign"),
    path("leads/<int:pk>/claim/", lead.claim, name="lead_claim"),
    path("leads/<int:pk>/release/", lead.release, name="lead_release"),
    path("deals/", lists.deals, name="deals"),
    path("deals/export.<sheet:kind>", lists.deals, name="deals_export"),
    path("deals/new/", deal.new, name="deal_new"),
    path("deals/<int:pk>/", deal.deal, name="deal"),
    path("deals/<int:pk>/edit/", deal.edit, name="deal_edit"),
    path("deals/<int:pk>/assign/", deal.assign, name="deal_assign"),
    path("deals/<int:pk>/days/", stage.days, name="deal_days"),
    path("deals/<int:pk>/move/", stage.move, name="deal_move"),
    path("deals/<int:pk>/win/", stage.win, name="deal_win"),
    path("deals/<int:pk>/lose/", stage.lose, name="deal_lose"),
    path("deals/<int:pk>/reopen/", deal.reopen, name="deal_reopen"),
    path("deals/<int:pk>/cancel/", deal.cancel, name="deal_cancel"),
    path("deals/<int:pk>/refund/", deal.refund, name="deal_refund"),
    path("deals/<int:pk>/shares/", deal.shares, name="deal_shares"),
    path("collections/", lists.collections, name="collections"),
    path("collections/export.<sheet:kind>", lists.collections, name="collections_export"),
    path("collections/invoices/new/", money.invoice_new, name="invoice_new"),
    path("collections/instalments/new/", money.instalment_new, name="instalment_new"),
    path("collections/instalments/<int:pk>/void/", money.instalment_void, name="instalment_void"),
    path("collections/receipts/new/", money.receipt_new, name="receipt_new"),
    path("collections/receipts/<int:pk>/", money.receipt, name="receipt"),
    path("collections/allocations/<int:pk>/withdraw/", money.allocation_withdraw, name="allocation_withdraw"),
    path("products/", lists.products, name="products"),
    path("products/export.<sheet:kind>", lists.products, name="products_export"),
    path("products/new/", money.product_new, name="product_new"),
    path("products/<int:pk>/", money.product_edit, name="product_edit"),
    path("activities/", activity.activities, name="activities"),
    path("activities/export.<sheet:kind>", activity.activities, name="activities_export"),
    path("activities/<int:pk>/", activity.activity, name="activity"),
    path("activities/<int:pk>/confirm/", activity.confirm, name="activity_confirm"),
    path("activities/<int:pk>/withdraw/", activity.withdraw, name="activity_withdraw"),
]
