"""Small settlement files of every channel, written as the channel writes them."""

from __future__ import annotations

AMAZON = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date\tposted-date-time\t"
    "order-item-code\tsku\tquantity-purchased\n"
    "189\t2026-03-01 00:00:00 UTC\t2026-03-15 00:00:00 UTC\t2026-03-17 00:00:00 UTC\t8.41\tGBP\n"
    "189\t\t\t\t\t\tOrder\t206-1\tItemPrice\tPrincipal\t29.99\t02.03.2026\t02.03.2026 14:23:00 UTC\t77\tMUG\t1\n"
    "189\t\t\t\t\t\tOrder\t206-1\tItemPrice\tShipping\t3.99\t02.03.2026\t02.03.2026 14:23:00 UTC\t77\tMUG\t1\n"
    "189\t\t\t\t\t\tOrder\t206-1\tItemFees\tCommission\t-4.50\t02.03.2026\t02.03.2026 14:23:00 UTC\t77\tMUG\t1\n"
    "189\t\t\t\t\t\tRefund\t206-2\tItemPrice\tPrincipal\t-19.99\t05.03.2026\t05.03.2026 09:15:00 UTC\t78\tTEA\t1\n"
    "189\t\t\t\t\t\tRefund\t206-2\tItemFees\tCommission\t2.40\t05.03.2026\t05.03.2026 09:15:00 UTC\t78\tTEA\t1\n"
    "189\t\t\t\t\t\tother-transaction\t\tother-transaction\tCurrent Reserve Amount\t-1.48\t05.03.2026\t"
    "05.03.2026 09:15:00 UTC\n"
    "189\t\t\t\t\t\tServiceFee\t\tother\tSubscription Fee\t-2.00\t05.03.2026\t05.03.2026 09:15:00 UTC\n"
)
OLD_AMAZON = (
    "settlement-id\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tfulfillment-id\t"
    "posted-date\torder-item-code\tsku\tprice-type\tprice-amount\titem-related-fee-type\t"
    "item-related-fee-amount\tmisc-fee-amount\tpromotion-type\tpromotion-amount\tother-amount\n"
    "601\t2015-12-18T03:27:08+00:00\t18.20\tUSD\n"
    "601\t\t\t\tOrder\t112-8\tMFN\t2015-12-02T04:15:26+00:00\t62\tGOLD\tPrincipal\t20.00\tCommission\t-3.00\n"
    "601\t\t\t\tOrder\t112-8\tMFN\t2015-12-02T04:15:26+00:00\t62\tGOLD\tShipping\t4.20\t\t\t\tShipping\t-2.00\n"
    "601\t\t\t\tStorage Fee\t\t\t2015-12-03T04:15:26+00:00\t\t\t\t\t\t\t\t\t\t-1.00\n"
)
SHOPIFY = (
    "Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Payout ID,Available On,"
    "Amount,Fee,Net,Checkout,Payment Method Name,Presentment Amount,Presentment Currency,Currency\n"
    "2026-09-01 10:15:00 -0400,charge,#1001,visa,online,paid,2026-09-05,90001,2026-09-05,56.29,1.93,54.36,"
    "#11,card,56.29,USD,USD\n"
    "2026-09-02 10:15:00 -0400,refund,#1002,visa,online,paid,2026-09-05,90001,2026-09-05,-10.00,0.00,-10.00,"
    "#12,card,10.00,USD,USD\n"
)
SHOPIFY_PAYOUTS = (
    "Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency\n"
    "2026-09-05,paid,56.29,-10.00,0.00,0.00,-1.93,0.00,44.36,USD\n"
    "2026-09-06,failed,1.00,0.00,0.00,0.00,0.00,0.00,1.00,USD\n"
)
WALMART = (
    "Period Start Date,Period End Date,Total Payable,Currency,Transaction Key,Transaction Posted Timestamp,"
    "Transaction Type,Transaction Description,Customer Order #,Customer Order line #,Purchase Order #,"
    "Purchase Order line #,Amount,Amount Type,Ship Qty,Partner Item Id\n"
    "04/18/2026,05/02/2026,14.59,USD,,05/03/2026,PaymentSummary,Payment,,,,,,,,\n"
    ",,,,2026_04_30_1,4/29/2026,Sale,Purchase,2000145,1,1291123,1,19.52,Product Price,1,MUG\n"
    ",,,,2026_04_30_2,4/29/2026,Sale,Purchase,2000145,1,1291123,1,1.61,Product tax,1,MUG\n"
    ",,,,2026_04_30_3,4/29/2026,Sale,Purchase,2000145,1,1291123,1,-1.61,Product tax withheld,1,MUG\n"
    ",,,,2026_04_30_4,4/29/2026,Sale,Purchase,2000145,1,1291123,1,-2.93,Commission on Product,1,MUG\n"
    ",,,,2026_04_30_5,4/29/2026,Adjustment,Walmart Shipping Label Service Charge,2000145,1,1291123,1,-2.00,"
    "Fee/Reimbursement,1,MUG\n"
)
